/** Text ↔ bytes by data_coding (SMPP 3.4 section 5.2.19): GSM-7 unpacked with its extension table, UCS-2, Latin-1. */
import { gsm7Basic, gsm7Extension } from "#server/domain/messages/gsm7.ts";

const escapeCode = 0x1b;
const basic = [...gsm7Basic];
const fromExtension = new Map([...gsm7Extension].map(([char, code]) => [code, char]));
const unknownChar = 0x3f;

export const dataCoding = { smscDefault: 0, ia5: 1, latin1: 3, binary: 4, ucs2: 8 } as const;

/** By UTF-16 unit: its octet, or that and the escape's bit where it stands in the extension. */
const codeOf = new Uint8Array(0x1_0000).fill(unknownChar);
const escaped = 0x80;
for (const [code, char] of basic.entries()) if (code !== escapeCode) codeOf[char.charCodeAt(0)] = code;
for (const [char, code] of gsm7Extension) codeOf[char.charCodeAt(0)] = code | escaped;

/** One octet a septet, as SMPP carries it. A character outside the alphabet becomes "?". */
export function encodeGsm7(text: string): Buffer {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) if (isEscaped(text, index)) length += 1;
  const bytes = Buffer.allocUnsafe(length);
  let end = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const code = codeOf[unit] ?? unknownChar;
    if (code & escaped) {
      bytes[end] = escapeCode;
      end += 1;
    }
    bytes[end] = code & ~escaped;
    end += 1;
    // A pair of units is one character.
    if (unit >= 0xd800 && unit <= 0xdbff && isLowHalf(text.charCodeAt(index + 1))) index += 1;
  }
  return end === length ? bytes : bytes.subarray(0, end);
}

const isEscaped = (text: string, index: number): boolean => ((codeOf[text.charCodeAt(index)] ?? 0) & escaped) !== 0;
const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** By octet: whether it means the same here as in ASCII. Most texts are of such octets. */
const isAscii = new Uint8Array(0x100);
for (const [code, char] of basic.entries()) isAscii[code] = code !== escapeCode && char.charCodeAt(0) === code ? 1 : 0;

export function decodeGsm7(bytes: Buffer): string {
  let same = 0;
  while (same < bytes.length && isAscii[bytes[same] ?? 0]) same += 1;
  if (same === bytes.length) return bytes.toString("latin1");
  let text = "";
  for (let index = 0; index < bytes.length; index += 1) {
    const code = (bytes[index] ?? 0) & 0x7f;
    if (code !== escapeCode) {
      text += basic[code] ?? "?";
      continue;
    }
    index += 1;
    const next = bytes[index];
    // An unknown escape shows the plain character, GSM 03.38 section 6.2.1.1 note 1.
    if (next !== undefined) text += fromExtension.get(next) ?? basic[next & 0x7f] ?? "?";
  }
  return text;
}

/** UCS-2 as every handset takes it: UTF-16, big end first. */
export const encodeUcs2 = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

export function decodeUcs2(bytes: Buffer): string {
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return whole.swap16().toString("utf16le");
}

/** What Latin-1 does not have (Greek capitals, the euro sign) becomes "?". */
const encodeLatin1 = (text: string): Buffer => Buffer.from(text.replace(/[^\0-\u00ff]/gu, "?"), "latin1");

/**
 * @param encoding how the text was segmented and priced
 * @param gsmDataCoding the value that this carrier expects with GSM-7; 3 sends Latin-1 instead
 */
export function encodeText(
  text: string,
  encoding: "gsm7" | "ucs2",
  gsmDataCoding: number = dataCoding.smscDefault,
): { bytes: Buffer; dataCoding: number } {
  if (encoding === "ucs2") return { bytes: encodeUcs2(text), dataCoding: dataCoding.ucs2 };
  const bytes = gsmDataCoding === dataCoding.latin1 ? encodeLatin1(text) : encodeGsm7(text);
  return { bytes, dataCoding: gsmDataCoding };
}

/** Flash and other message classes (0x10 – 0x1f, 0xf0 – 0xff) keep their alphabet in bits 2 and 3. */
export function decodeText(bytes: Buffer, coding: number): string {
  const group = coding & 0xf0;
  const alphabet = group === 0x10 || group === 0xf0 ? coding & 0x0c : coding & 0x0f;
  if (alphabet === dataCoding.ucs2) return decodeUcs2(bytes);
  if (alphabet === dataCoding.latin1) return bytes.toString("latin1");
  if (alphabet === dataCoding.ia5 || alphabet === dataCoding.smscDefault) return decodeGsm7(bytes);
  return bytes.toString("latin1");
}
