/**
 * The PDUs that carry nearly all traffic, straight from their layout: submit_sm and deliver_sm (SMPP 3.4 sections 4.4.1
 * and 4.6.1, the same fields), their answers (4.4.2, 4.6.2) and enquire_link (4.11). Whatever is unusual in them (a field
 * that runs past the end, a TLV of a length that is not its own, a value out of range) is left to the package, which says
 * what is to be said of it. Where both can, both do the same: a test holds one against the other.
 */
import { type Bytes, headerBytes, maxPduBytes, type Pdu, type PduFields } from "#workers/smpp/pdu.ts";

/** command_id, section 5.1.2.1. */
const ids = {
  submit_sm: 0x0000_0004,
  deliver_sm: 0x0000_0005,
  enquire_link: 0x0000_0015,
  submit_sm_resp: 0x8000_0004,
  deliver_sm_resp: 0x8000_0005,
  enquire_link_resp: 0x8000_0015,
} as const;

/** Tags of section 5.3.2, by the kind of their value: integers by their octets. */
const octet = 1;
const twoOctets = 2;
const text = 3;
const octets = 4;
type Tlv = { name: keyof PduFields; tag: number; kind: number };
const tlvs: readonly Tlv[] = [
  { name: "additional_status_info_text", tag: 0x001d, kind: text },
  { name: "receipted_message_id", tag: 0x001e, kind: text },
  { name: "user_message_reference", tag: 0x0204, kind: twoOctets },
  { name: "source_port", tag: 0x020a, kind: twoOctets },
  { name: "dest_port", tag: 0x020b, kind: twoOctets },
  { name: "sar_msg_ref_num", tag: 0x020c, kind: twoOctets },
  { name: "sar_total_segments", tag: 0x020e, kind: octet },
  { name: "sar_segment_seqnum", tag: 0x020f, kind: octet },
  { name: "sc_interface_version", tag: 0x0210, kind: octet },
  { name: "network_error_code", tag: 0x0423, kind: octets },
  { name: "message_payload", tag: 0x0424, kind: octets },
  { name: "message_state", tag: 0x0427, kind: octet },
];
const tlvByTag = new Map(tlvs.map((tlv) => [tlv.tag, tlv]));
const tlvByName = new Map<string, Tlv>(tlvs.map((tlv) => [tlv.name, tlv]));
/** Section 5.3.2: from here on tags are vendors' own, and stand in a PDU under their number. */
const vendorTags = 0x1400;
const tlvHeadBytes = 4;

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

/** @returns null for what is not written here */
export function encodeHot(command: string, status: number, sequence: number, fields: PduFields): Bytes | null {
  switch (command) {
    case "submit_sm":
      return status === 0 ? encodeMessage(ids.submit_sm, sequence, fields) : null;
    case "deliver_sm":
      return status === 0 ? encodeMessage(ids.deliver_sm, sequence, fields) : null;
    case "submit_sm_resp":
      return encodeAnswer(ids.submit_sm_resp, status, sequence, fields);
    case "deliver_sm_resp":
      return encodeAnswer(ids.deliver_sm_resp, status, sequence, fields);
    case "enquire_link":
      return encodeEmpty(ids.enquire_link, status, sequence, fields);
    case "enquire_link_resp":
      return encodeEmpty(ids.enquire_link_resp, status, sequence, fields);
    default:
      return null;
  }
}

function encodeEmpty(id: number, status: number, sequence: number, fields: PduFields): Bytes | null {
  for (const _ in fields) return null;
  return new Writer(headerBytes, id, status, sequence).end();
}

/** A message_id and nothing else; beside a refusal not even that. */
function encodeAnswer(id: number, status: number, sequence: number, fields: PduFields): Bytes | null {
  for (const name in fields) if (name !== "message_id") return null;
  const { message_id: messageId = "" } = fields;
  const isRefusal = status !== 0;
  const to = new Writer(headerBytes + (isRefusal ? 0 : messageId.length + 1), id, status, sequence);
  if (isRefusal) return messageId.includes("\0") ? null : to.end();
  to.text(messageId);
  return to.end();
}

/** What is left out is zero or empty, as for the package. */
function encodeMessage(id: number, sequence: number, fields: PduFields): Bytes | null {
  const tlvBytes = sizeOfTlvs(fields);
  if (tlvBytes < 0) return null;
  const {
    service_type: serviceType = "",
    source_addr: source = "",
    destination_addr: destination = "",
    schedule_delivery_time: schedule = "",
    validity_period: validity = "",
    short_message: message = noBytes,
  } = fields;
  const texts = serviceType.length + source.length + destination.length + schedule.length + validity.length;
  const to = new Writer(headerBytes + fixedBytes + texts + message.length + tlvBytes, id, 0, sequence);
  to.text(serviceType);
  to.octet(fields.source_addr_ton ?? 0);
  to.octet(fields.source_addr_npi ?? 0);
  to.text(source);
  to.octet(fields.dest_addr_ton ?? 0);
  to.octet(fields.dest_addr_npi ?? 0);
  to.text(destination);
  to.octet(fields.esm_class ?? 0);
  to.octet(fields.protocol_id ?? 0);
  to.octet(fields.priority_flag ?? 0);
  to.text(schedule);
  to.text(validity);
  to.octet(fields.registered_delivery ?? 0);
  to.octet(fields.replace_if_present_flag ?? 0);
  to.octet(fields.data_coding ?? 0);
  to.octet(fields.sm_default_msg_id ?? 0);
  to.octet(message.length);
  to.octets(message);
  if (tlvBytes > 0) writeTlvs(fields, to);
  return to.end();
}

const noBytes = Buffer.alloc(0);
/** Of a message: five final zeros, eleven fields of one octet, and sm_length. */
const fixedBytes = 5 + 11 + 1;
const mandatory = new Set<string>([
  "service_type",
  "source_addr_ton",
  "source_addr_npi",
  "source_addr",
  "dest_addr_ton",
  "dest_addr_npi",
  "destination_addr",
  "esm_class",
  "protocol_id",
  "priority_flag",
  "schedule_delivery_time",
  "validity_period",
  "registered_delivery",
  "replace_if_present_flag",
  "data_coding",
  "sm_default_msg_id",
  "short_message",
] satisfies (keyof PduFields)[]);

/** @returns less than zero when there is a field that is not written here */
function sizeOfTlvs(fields: PduFields): number {
  let bytes = 0;
  for (const name in fields) {
    const value = fields[name as keyof PduFields];
    if (value === undefined) return -1;
    if (mandatory.has(name)) continue;
    const tlv = tlvByName.get(name);
    if (!tlv) return -1;
    bytes += tlvHeadBytes + sizeOf(tlv, value);
  }
  return bytes;
}

function sizeOf({ kind }: Tlv, value: unknown): number {
  if (kind === text) return (value as string).length + 1;
  return kind === octets ? (value as Bytes).length : kind;
}

/** In the order in which the fields were given. */
function writeTlvs(fields: PduFields, to: Writer): void {
  for (const name in fields) {
    const tlv = mandatory.has(name) ? undefined : tlvByName.get(name);
    if (!tlv) continue;
    const value: unknown = fields[name as keyof PduFields];
    to.twoOctets(tlv.tag);
    to.twoOctets(sizeOf(tlv, value));
    if (tlv.kind === octet) to.octet(value as number);
    else if (tlv.kind === twoOctets) to.twoOctets(value as number);
    else if (tlv.kind === octets) to.octets(value as Bytes);
    else to.text(value as string);
  }
}

/** Writes one after the other into octets that are counted before; a value that does not fit spoils all. */
class Writer {
  private readonly bytes: Bytes;
  private offset = 0;
  private isSpoilt = false;

  constructor(length: number, id: number, status: number, sequence: number) {
    this.isSpoilt = length > maxPduBytes;
    this.bytes = Buffer.allocUnsafe(this.isSpoilt ? headerBytes : length);
    this.fourOctets(length);
    this.fourOctets(id);
    this.fourOctets(status);
    this.fourOctets(sequence);
  }

  octet(value: number): void {
    if (!(value >= 0 && value <= 0xff)) this.isSpoilt = true;
    this.bytes[this.offset] = value;
    this.offset += 1;
  }

  twoOctets(value: number): void {
    if (!(value >= 0 && value <= 0xffff)) this.isSpoilt = true;
    this.octet((value >>> 8) & 0xff);
    this.octet(value & 0xff);
  }

  private fourOctets(value: number): void {
    if (value >>> 0 !== value) this.isSpoilt = true;
    this.twoOctets(value >>> 16);
    this.twoOctets(value & 0xffff);
  }

  text(value: string): void {
    const { bytes } = this;
    let { offset } = this;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      // It would end the field early, and shift all that follow.
      if (code === 0) this.isSpoilt = true;
      bytes[offset] = code;
      offset += 1;
    }
    bytes[offset] = 0;
    this.offset = offset + 1;
  }

  octets(value: Bytes): void {
    if (this.isSpoilt) return;
    this.bytes.set(value, this.offset);
    this.offset += value.length;
  }

  /** @returns null when it is spoilt */
  end(): Bytes | null {
    return this.isSpoilt || this.offset !== this.bytes.length ? null : this.bytes;
  }
}
