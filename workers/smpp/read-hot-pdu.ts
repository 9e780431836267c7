/**
 * Reads the PDUs that carry nearly all traffic straight from their layout: submit_sm and deliver_sm (SMPP 3.4 sections 4.4.1
 * and 4.6.1, the same fields), their answers (4.4.2, 4.6.2) and enquire_link (4.11). Whatever is unusual in them (a
 * field that runs past the end, a TLV of a length that is not its own) is left to the package, which says what is to be said
 * of it. Where both can, both do the same: a test holds one against the other.
 */
import { ids, octet, octets, tlvByTag, twoOctets, vendorTags } from "#workers/smpp/hot-layout.ts";
import { type Bytes, headerBytes, maxPduBytes, type Pdu } from "#workers/smpp/pdu.ts";

/** @param bytes whose command_length is right @returns null for what is not read here */
export function decodeHot(bytes: Bytes): Pdu | null {
  if (bytes.length > maxPduBytes) return null;
  switch (bytes.readUInt32BE(4)) {
    case ids.submit_sm:
      return decodeMessage(bytes, "submit_sm");
    case ids.deliver_sm:
      return decodeMessage(bytes, "deliver_sm");
    case ids.submit_sm_resp:
      return decodeAnswer(bytes, "submit_sm_resp");
    case ids.deliver_sm_resp:
      return decodeAnswer(bytes, "deliver_sm_resp");
    case ids.enquire_link:
      return bytes.length === headerBytes ? header(bytes, "enquire_link") : null;
    case ids.enquire_link_resp:
      return bytes.length === headerBytes ? header(bytes, "enquire_link_resp") : null;
    default:
      return null;
  }
}

type HotPdu = Pdu & { command_id: number };

function header(bytes: Bytes, command: keyof typeof ids): HotPdu {
  return {
    command,
    command_length: bytes.length,
    command_id: ids[command],
    command_status: bytes.readUInt32BE(8),
    sequence_number: bytes.readUInt32BE(12),
  };
}

/** One that refuses has no body, or one that means nothing; many carriers leave the body of the others out, too. */
function decodeAnswer(bytes: Bytes, command: "submit_sm_resp" | "deliver_sm_resp"): Pdu | null {
  const pdu = header(bytes, command);
  if (pdu.command_status !== 0) pdu.command_length = headerBytes;
  if (pdu.command_status !== 0 || bytes.length === headerBytes) return pdu;
  const body = new Reader(bytes);
  pdu.message_id = body.text();
  return readTlvs(pdu, body) ? pdu : null;
}

function decodeMessage(bytes: Bytes, command: "submit_sm" | "deliver_sm"): Pdu | null {
  const body = new Reader(bytes);
  // Read in the order of the layout: properties are evaluated as they are written.
  const pdu: HotPdu = {
    command,
    command_length: bytes.length,
    command_id: ids[command],
    command_status: bytes.readUInt32BE(8),
    sequence_number: bytes.readUInt32BE(12),
    service_type: body.text(),
    source_addr_ton: body.octet(),
    source_addr_npi: body.octet(),
    source_addr: body.text(),
    dest_addr_ton: body.octet(),
    dest_addr_npi: body.octet(),
    destination_addr: body.text(),
    esm_class: body.octet(),
    protocol_id: body.octet(),
    priority_flag: body.octet(),
    schedule_delivery_time: body.text(),
    validity_period: body.text(),
    registered_delivery: body.octet(),
    replace_if_present_flag: body.octet(),
    data_coding: body.octet(),
    sm_default_msg_id: body.octet(),
    short_message: body.octets(body.octet()),
  };
  return readTlvs(pdu, body) ? pdu : null;
}

/** Reads on and on; what ran past the end makes `isShort`. */
class Reader {
  offset = headerBytes;

  constructor(readonly bytes: Bytes) {}

  get isShort(): boolean {
    return this.offset > this.bytes.length;
  }

  octet(): number {
    const value = this.bytes[this.offset] ?? 0;
    this.offset += 1;
    return value;
  }

  twoOctets(): number {
    return this.octet() * 0x100 + this.octet();
  }

  /** A C-octet string, section 3.1: ends before its zero, which may not be missing. */
  text(): string {
    const { bytes, offset } = this;
    let end = offset;
    while (bytes[end]) end += 1;
    this.offset = end + 1;
    return end === offset ? "" : bytes.toString("ascii", offset, end);
  }

  octets(count: number): Bytes {
    const from = this.offset;
    this.offset += count;
    return this.bytes.subarray(from, this.offset);
  }
}

/** Section 3.2.4: tag, length, value. @returns false for what is not read here */
function readTlvs(pdu: Pdu, body: Reader): boolean {
  const { length } = body.bytes;
  while (body.offset < length) {
    const tag = body.twoOctets();
    const size = body.twoOctets();
    if (body.offset + size > length || !readTlv(pdu, body, tag, size)) return false;
  }
  return !body.isShort;
}

function readTlv(pdu: Pdu, body: Reader, tag: number, size: number): boolean {
  const values = pdu as unknown as Record<string | number, unknown>;
  if (tag >= vendorTags) {
    values[tag] = body.octets(size);
    return true;
  }
  const tlv = tlvByTag.get(tag);
  if (!tlv || (tlv.kind <= twoOctets && tlv.kind !== size)) return false;
  if (tlv.kind === octet) values[tlv.name] = body.octet();
  else if (tlv.kind === twoOctets) values[tlv.name] = body.twoOctets();
  else if (tlv.kind === octets) values[tlv.name] = body.octets(size);
  else values[tlv.name] = textIn(body.octets(size));
  return true;
}

/** Some carriers leave the final zero out: a text ends with its TLV at the latest. */
function textIn(value: Bytes): string {
  const end = value.indexOf(0);
  return value.toString("latin1", 0, end < 0 ? value.length : end);
}
