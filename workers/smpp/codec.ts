/** PDU ↔ bytes. Foreign bytes never throw past here. What carries the traffic is read and written beside it. */

import { commandIdOf, decodeByPackage, encodeByPackage, isKnownCommand } from "#workers/smpp/package-codec.ts";
import { type Bytes, headerBytes, type Pdu, type PduFields } from "#workers/smpp/pdu.ts";
import { decodeHot } from "#workers/smpp/read-hot-pdu.ts";
import { failure, type Result, success } from "#workers/smpp/result.ts";
import { encodeHot } from "#workers/smpp/write-hot-pdu.ts";

/** @param bytes exactly one PDU, as the framer cuts them */
export function decode(bytes: Bytes): Result<Pdu> {
  if (bytes.length < headerBytes || bytes.readUInt32BE(0) !== bytes.length) {
    return failure("command_length does not match the bytes");
  }
  const pdu = decodeHot(bytes);
  if (pdu) return success(pdu);
  const commandId = bytes.readUInt32BE(4);
  if (!isKnownCommand(commandId)) return failure(`unknown command 0x${commandId.toString(16)}`);
  return decodeByPackage(bytes);
}

/**
 * @param status of an answer: beside one that refuses there is no body, but for `additional_status_info_text`
 * @returns a failure for what would shift the fields after it, or does not fit
 */
export function encode(command: string, status: number, sequence: number, fields: PduFields = {}): Result<Bytes> {
  const bytes = encodeHot(command, status, sequence, fields);
  if (bytes) return success(bytes);
  const commandId = commandIdOf(command);
  if (commandId === undefined) return failure(`unknown command ${command}`);
  const { additional_status_info_text: info } = fields;
  if (status === 0 || info === undefined) return encodeByPackage(command, status, sequence, fields);
  return info.includes("\0")
    ? failure("a text field holds a zero octet")
    : success(withInfo(command, status, sequence, info));
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
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(commandIdOf(command) ?? 0, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
  bytes.writeUInt16BE(infoTag, headerBytes + idBytes);
  bytes.writeUInt16BE(text.length + 1, headerBytes + idBytes + 2);
  text.copy(bytes, headerBytes + idBytes + 4);
  return bytes;
}
