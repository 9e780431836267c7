/** PDU ↔ bytes over the `smpp` package's codec, for every command: the only place that knows the package. */
import smpp from "smpp";
import { type Bytes, headerBytes, isResponseId, maxPduBytes, type Pdu, type PduFields } from "#workers/smpp/pdu.ts";
import { failure, type Result, success } from "#workers/smpp/result.ts";

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

export const isKnownCommand = (commandId: number): boolean => commandId in smpp.commandsById;
/** @returns undefined for a command that nobody knows */
export const commandIdOf = (command: string): number | undefined => smpp.commands[command]?.id;
const isResponse = (command: string): boolean => command.endsWith("_resp") || command === "generic_nack";

/** @param bytes exactly one PDU of a command that it knows */
export function decodeByPackage(bytes: Bytes): Result<Pdu> {
  // A response that refuses has no body, or one that means nothing.
  const isRefusal = bytes.readUInt32BE(8) !== 0 && isResponseId(bytes.readUInt32BE(4));
  const bytesToRead = isRefusal ? withoutBody(bytes) : bytes;
  try {
    const pdu = new RawPdu(bytesToRead) as unknown as Pdu;
    const wrong = shapeError(pdu, bytesToRead);
    return wrong ? failure(`${pdu.command}: ${wrong}`) : success(pdu);
  } catch (error) {
    return failure(error instanceof Error ? error.message : "cannot be read");
  }
}

/** @param command one that it knows */
export function encodeByPackage(command: string, status: number, sequence: number, fields: PduFields): Result<Bytes> {
  for (const name in fields) {
    const value = fields[name as keyof PduFields];
    if (typeof value === "string" && value.includes("\0")) return failure("a text field holds a zero octet");
  }
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
