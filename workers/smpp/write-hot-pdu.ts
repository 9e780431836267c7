/**
 * Writes the PDUs that carry nearly all traffic straight to their layout: submit_sm and deliver_sm (SMPP 3.4 sections 4.4.1
 * and 4.6.1, the same fields), their answers (4.4.2, 4.6.2) and enquire_link (4.11). Whatever is unusual in them (a
 * value out of range, a TLV of a vendor) is left to the package. Where both can, both do the same: a test holds one against
 * the other.
 */
import { ids, octet, octets, type Tlv, text, tlvHeadBytes, tlvs, twoOctets } from "#workers/smpp/hot-layout.ts";
import { type Bytes, headerBytes, maxPduBytes, type PduFields } from "#workers/smpp/pdu.ts";

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
const mandatory = [
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
] satisfies (keyof PduFields)[];
/** By field: its TLV, or null for those that stand before the TLVs. */
const places = new Map<string, Tlv | null>([
  ...mandatory.map((name): [string, null] => [name, null]),
  ...tlvs.map((tlv): [string, Tlv] => [tlv.name, tlv]),
]);

/** @returns less than zero when there is a field that is not written here */
function sizeOfTlvs(fields: PduFields): number {
  let bytes = 0;
  for (const name in fields) {
    const value = fields[name as keyof PduFields];
    if (value === undefined) return -1;
    const tlv = places.get(name);
    if (tlv === undefined) return -1;
    if (tlv !== null) bytes += tlvHeadBytes + sizeOf(tlv, value);
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
    const tlv = places.get(name);
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
