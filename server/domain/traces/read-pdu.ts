/** Octets of a PDU as fields with names, for people: SMPP 3.4 section 4, as far as it is there. Never throws. Pure. */

export type PduField = { name: string; value: string };
export type ReadPdu = {
  command: string;
  commandId: number;
  /** command_status. */
  status: number;
  sequence: number;
  /** Octets that command_length claims; more than were kept when the end is cut off. */
  length: number;
  fields: PduField[];
};

const commands: Record<number, string> = {
  3: "query_sm",
  4: "submit_sm",
  5: "deliver_sm",
  7: "replace_sm",
  8: "cancel_sm",
  33: "submit_multi",
  259: "data_sm",
};
const responseBit = 0x8000_0000;
const nack = 0x8000_0000;

type Kind = "text" | "octet" | "body";
const shared: [string, Kind][] = [
  ["service_type", "text"],
  ["source_addr_ton", "octet"],
  ["source_addr_npi", "octet"],
  ["source_addr", "text"],
];
const dest: [string, Kind][] = [
  ["dest_addr_ton", "octet"],
  ["dest_addr_npi", "octet"],
  ["destination_addr", "text"],
];
const message: [string, Kind][] = [
  ["esm_class", "octet"],
  ["protocol_id", "octet"],
  ["priority_flag", "octet"],
  ["schedule_delivery_time", "text"],
  ["validity_period", "text"],
  ["registered_delivery", "octet"],
  ["replace_if_present_flag", "octet"],
  ["data_coding", "octet"],
  ["sm_default_msg_id", "octet"],
  ["short_message", "body"],
];
const answer: [string, Kind][] = [["message_id", "text"]];
const shapes: Record<string, [string, Kind][]> = {
  submit_sm: [...shared, ...dest, ...message],
  deliver_sm: [...shared, ...dest, ...message],
  submit_sm_resp: answer,
  deliver_sm_resp: answer,
  data_sm_resp: answer,
  submit_multi_resp: answer,
  data_sm: [...shared, ...dest, ["esm_class", "octet"], ["registered_delivery", "octet"], ["data_coding", "octet"]],
};

/** SMPP 3.4 section 5.3.2; others stand under their number. */
const tlvs: Record<number, string> = {
  5: "dest_addr_subunit",
  13: "source_addr_subunit",
  29: "additional_status_info_text",
  30: "receipted_message_id",
  516: "user_message_reference",
  522: "source_port",
  523: "destination_port",
  524: "sar_msg_ref_num",
  526: "sar_total_segments",
  527: "sar_segment_seqnum",
  1060: "message_payload",
  1059: "network_error_code",
  1063: "message_state",
};
const textTlvs = new Set(["additional_status_info_text", "receipted_message_id"]);

/** Null when there is not even a header. */
export function readPdu(bytes: Buffer): ReadPdu | null {
  if (bytes.length < 16) return null;
  const commandId = bytes.readUInt32BE(4);
  const isAnswer = (commandId & responseBit) !== 0;
  const known = commands[commandId & 0x7fff_ffff];
  const name = isAnswer && known ? `${known}_resp` : known;
  const command = commandId >>> 0 === nack ? "generic_nack" : (name ?? `0x${(commandId >>> 0).toString(16)}`);
  return {
    command,
    commandId: commandId >>> 0,
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
    length: bytes.readUInt32BE(0),
    fields: readBody(bytes, shapes[command] ?? []),
  };
}

function readBody(bytes: Buffer, shape: readonly [string, Kind][]): PduField[] {
  const fields: PduField[] = [];
  let offset = 16;
  for (const [name, kind] of shape) {
    if (offset >= bytes.length) return fields;
    const first = bytes[offset] ?? 0;
    if (kind === "octet") {
      fields.push({ name, value: String(first) });
      offset += 1;
    } else if (kind === "body") {
      fields.push({ name: "sm_length", value: String(first) });
      fields.push({ name, value: hexOf(bytes.subarray(offset + 1, offset + 1 + first)) });
      offset += 1 + first;
    } else {
      const zero = bytes.indexOf(0, offset);
      const end = zero < 0 ? bytes.length : zero;
      fields.push({ name, value: bytes.toString("latin1", offset, end) });
      offset = end + 1;
    }
  }
  return [...fields, ...readTlvs(bytes, offset)];
}

function readTlvs(bytes: Buffer, from: number): PduField[] {
  const fields: PduField[] = [];
  for (let offset = from; offset + 4 <= bytes.length; ) {
    const tag = bytes.readUInt16BE(offset);
    const end = offset + 4 + bytes.readUInt16BE(offset + 2);
    const value = bytes.subarray(offset + 4, end);
    const name = tlvs[tag] ?? `0x${tag.toString(16).padStart(4, "0")}`;
    if (textTlvs.has(name)) fields.push({ name, value: value.toString("latin1").replace(/\0.*$/s, "") });
    else fields.push({ name, value: value.length <= 2 ? numberOf(value) : hexOf(value) });
    offset = end;
  }
  return fields;
}

const numberOf = (bytes: Buffer): string => (bytes.length === 0 ? "" : String(bytes.readUIntBE(0, bytes.length)));

/** Two digits an octet, with spaces between, as protocol analysers print it. */
export const hexOf = (bytes: Buffer): string => bytes.toString("hex").replace(/(..)(?=.)/g, "$1 ");
