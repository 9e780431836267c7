/** PDU ↔ bytes over the `smpp` package's codec: the only place that knows it. Foreign bytes never throw past here. */
import smpp from "smpp";
import { failure, type Result, success } from "#workers/smpp/result.ts";

/** Far above any SMS PDU: 255 octets of text, or 64 K of message_payload. */
export const maxPduBytes = 65_536;
const headerBytes = 16;
const responseBit = 0x8000_0000;

export type Bytes = Buffer;

/** One of the recipients of submit_multi: a number, or the name of a distribution list. */
export type DestAddress =
  | { dest_addr_ton?: number; dest_addr_npi?: number; destination_addr: string }
  | { dl_name: string };
export type UnsuccessSme = {
  dest_addr_ton?: number;
  dest_addr_npi?: number;
  destination_addr: string;
  error_status_code: number;
};

/** Fields as SMPP 3.4 sections 4 and 5 name them. Text fields are bytes as on the wire (see data-coding.ts). */
export type PduFields = {
  system_id?: string;
  password?: string;
  system_type?: string;
  interface_version?: number;
  addr_ton?: number;
  addr_npi?: number;
  address_range?: string;
  service_type?: string;
  source_addr_ton?: number;
  source_addr_npi?: number;
  source_addr?: string;
  dest_addr_ton?: number;
  dest_addr_npi?: number;
  destination_addr?: string;
  esm_class?: number;
  protocol_id?: number;
  priority_flag?: number;
  schedule_delivery_time?: string;
  validity_period?: string;
  registered_delivery?: number;
  replace_if_present_flag?: number;
  data_coding?: number;
  sm_default_msg_id?: number;
  short_message?: Bytes;
  message_id?: string;
  message_payload?: Bytes;
  receipted_message_id?: string;
  message_state?: number;
  network_error_code?: Bytes;
  user_message_reference?: number;
  sar_msg_ref_num?: number;
  sar_total_segments?: number;
  sar_segment_seqnum?: number;
  sc_interface_version?: number;
  source_port?: number;
  dest_port?: number;
  /** Tags of vendors, 0x1400 – 0x3fff, written as they are. Read ones stand under their number. */
  vendor_tlvs?: { tag: number; value: Bytes }[];
  dest_address?: DestAddress[];
  unsuccess_sme?: UnsuccessSme[];
  final_date?: string;
  error_code?: number;
  /** Only beside an error, and only to who bound as 5.0. */
  additional_status_info_text?: string;
};

export type Pdu = PduFields & {
  command: string;
  /** Octets on the wire; of PDUs that came in. */
  command_length?: number;
  command_status: number;
  sequence_number: number;
  /** As it came in, and when, in Unix milliseconds; set by the session that read it. */
  octets?: Bytes;
  read_at_ms?: number;
};

export type Header = { length: number; commandId: number; status: number; sequence: number };

/**
 * The package's PDU without its filters: they would turn text into strings by a guessed alphabet, and they are where
 * half of its exceptions come from.
 */
class RawPdu extends smpp.PDU {
  protected override _filter(): void {}
}

// The package reads a C-octet string TLV up to the next zero byte, into its neighbour; bound it by the TLV's length.
const boundedText = {
  ...smpp.types.cstring,
  read: (bytes: Buffer, offset: number, length = 0) =>
    bytes.toString("latin1", offset, offset + length).replace(/\0.*$/s, ""),
};
for (const tlv of Object.values(smpp.tlvs)) if (tlv.type === smpp.types.cstring) tlv.type = boundedText;
smpp.PDU.maxLength = maxPduBytes;

/** Reads the 16 octets that begin every PDU. */
export function readHeader(bytes: Bytes): Header {
  return {
    length: bytes.readUInt32BE(0),
    commandId: bytes.readUInt32BE(4),
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
  };
}

export const isKnownCommand = (commandId: number): boolean => commandId in smpp.commandsById;
export const isResponseId = (commandId: number): boolean => (commandId & responseBit) !== 0;
export const isResponse = (command: string): boolean => command.endsWith("_resp") || command === "generic_nack";

/** @param bytes exactly one PDU, as the framer cuts them */
export function decode(bytes: Bytes): Result<Pdu> {
  if (bytes.length < headerBytes || bytes.readUInt32BE(0) !== bytes.length) {
    return failure("command_length does not match the bytes");
  }
  const header = readHeader(bytes);
  if (!isKnownCommand(header.commandId)) return failure(`unknown command 0x${header.commandId.toString(16)}`);
  // A response that refuses has no body, or one that means nothing.
  const bytesToRead = header.status !== 0 && isResponseId(header.commandId) ? withoutBody(bytes) : bytes;
  try {
    const pdu = new RawPdu(bytesToRead) as unknown as Pdu & { command_id: number };
    const wrong = shapeError(pdu, bytesToRead);
    return wrong ? failure(`${pdu.command}: ${wrong}`) : success(pdu);
  } catch (error) {
    return failure(error instanceof Error ? error.message : "cannot be read");
  }
}

export function encode(command: string, status: number, sequence: number, fields: PduFields = {}): Result<Bytes> {
  if (!(command in smpp.commands)) return failure(`unknown command ${command}`);
  for (const name in fields) {
    const value = fields[name as keyof PduFields];
    if (typeof value === "string" && value.includes("\0")) return failure("a text field holds a zero octet");
  }
  const { message_id: messageId = "", additional_status_info_text: info } = fields;
  if (status !== 0 && info !== undefined) return success(withInfo(command, status, sequence, info));
  if (status === 0 && shortAnswers.has(command)) return success(shortAnswer(command, sequence, messageId));
  try {
    const pdu = new RawPdu(command, {
      data_coding: 0,
      ...fields,
      command_status: status,
      sequence_number: sequence,
    });
    const bytes = withVendorTlvs(pdu.toBuffer(), fields.vendor_tlvs);
    return bytes.length > maxPduBytes ? failure("PDU is longer than 64 KiB") : success(bytes);
  } catch (error) {
    return failure(error instanceof Error ? error.message : "cannot be written");
  }
}

/** The commonest answers, whose body is a message_id and nothing else, without the package's detours. */
const shortAnswers = new Set(["submit_sm_resp", "deliver_sm_resp"]);

function shortAnswer(command: string, sequence: number, messageId: string): Bytes {
  const bytes = Buffer.allocUnsafe(headerBytes + messageId.length + 1);
  writeHeader(bytes, command, 0, sequence);
  bytes.write(messageId, headerBytes, "latin1");
  bytes[bytes.length - 1] = 0;
  return bytes;
}

const infoTag = 0x001d;
const maxInfo = 255;
/** Fields that stand before the TLVs of an answer: an empty message_id, where the command has one. */
const answersWithId = new Set(["submit_sm_resp", "data_sm_resp"]);

/** SMPP 5.0 lets TLVs follow an error, which the package does not. */
function withInfo(command: string, status: number, sequence: number, info: string): Bytes {
  const text = Buffer.from(info.replace(/[^\x20-\x7e]/g, "?").slice(0, maxInfo), "latin1");
  const idBytes = answersWithId.has(command) ? 1 : 0;
  const bytes = Buffer.alloc(headerBytes + idBytes + 4 + text.length + 1);
  writeHeader(bytes, command, status, sequence);
  bytes.writeUInt16BE(infoTag, headerBytes + idBytes);
  bytes.writeUInt16BE(text.length + 1, headerBytes + idBytes + 2);
  text.copy(bytes, headerBytes + idBytes + 4);
  return bytes;
}

function withVendorTlvs(pdu: Bytes, tlvs: PduFields["vendor_tlvs"]): Bytes {
  if (!tlvs || tlvs.length === 0) return pdu;
  const heads = tlvs.map(({ tag, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  const bytes = Buffer.concat([pdu, ...heads]);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}

function writeHeader(bytes: Bytes, command: string, status: number, sequence: number): void {
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(smpp.commands[command]?.id ?? 0, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
}

function withoutBody(bytes: Bytes): Bytes {
  const header = Buffer.from(bytes.subarray(0, headerBytes));
  header.writeUInt32BE(headerBytes, 0);
  return header;
}

/** What the package does not check: missing fields, fields and TLVs that run past the end. */
function shapeError(pdu: Pdu, bytes: Bytes): string | null {
  const params = smpp.commands[pdu.command]?.params ?? {};
  const values = pdu as unknown as Record<string, unknown>;
  let offset = headerBytes;
  for (const name in params) {
    const value = values[name];
    if (value === undefined) {
      // Many carriers leave the body of a response out; what is not there is empty.
      if (isResponse(pdu.command) && offset === bytes.length) return null;
      return `${name} is missing`;
    }
    if (Buffer.isBuffer(value) && value.length !== bytes[offset]) return `${name} runs past the end`;
    offset += params[name]?.type.size(value) ?? 0;
    if (offset > bytes.length) return `${name} runs past the end`;
  }
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return "a TLV is cut off";
    offset += 4 + bytes.readUInt16BE(offset + 2);
    if (offset > bytes.length) return "a TLV runs past the end";
  }
  return null;
}
