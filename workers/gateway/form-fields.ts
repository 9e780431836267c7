/** Fields of a query or a form (application/x-www-form-urlencoded), read byte by byte and strictly: nothing is guessed. */
import { invalidInput } from "#server/kernel/errors.ts";

/** Undecoded: what a text means depends on a charset that another field may name. */
export type FormFields = { values: ReadonlyMap<string, Buffer>; charset?: Charset };

/** More pairs than any client has. */
const maxPairs = 40;
const [ampersand, equals, plus, percent, space] = [..."&=+% "].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
];

/**
 * @param charset that the content type names
 * @throws invalid_input `malformed_form` (a percent sign without two hex digits, too many fields), `invalid_input` (one twice)
 */
export function readForm(bytes: Buffer, charset?: Charset): FormFields {
  const values = new Map<string, Buffer>();
  let pairs = 0;
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(ampersand, from);
    const pair = bytes.subarray(from, end < 0 ? bytes.length : end);
    from += pair.length + 1;
    if (pair.length === 0) continue;
    pairs += 1;
    if (pairs > maxPairs) throw malformed("There are too many fields.");
    const mark = pair.indexOf(equals);
    const name = decodeText(unescaped(mark < 0 ? pair : pair.subarray(0, mark)), "utf-8", "a field's name");
    if (values.has(name)) throw invalidInput("invalid_input", `${name}: given twice.`, { field: name });
    values.set(name, mark < 0 ? Buffer.alloc(0) : unescaped(pair.subarray(mark + 1)));
  }
  return { values, ...(charset ? { charset } : {}) };
}

/** @throws invalid_input `invalid_input` when both have a field */
export function mergeForms(query: FormFields, body: FormFields | undefined): FormFields {
  if (!body) return query;
  const twice = [...query.values.keys()].find((name) => body.values.has(name));
  if (twice !== undefined) throw invalidInput("invalid_input", `${twice}: given twice.`, { field: twice });
  return { ...body, values: new Map([...query.values, ...body.values]) };
}

/** A plus is a space; `%` and two hex digits are a byte. Bytes that should have been escaped are taken as they are. */
function unescaped(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    let byte = bytes[index] ?? 0;
    if (byte === plus) byte = space;
    else if (byte === percent) {
      const digits = bytes.toString("latin1", index + 1, index + 3);
      if (!/^[0-9a-f]{2}$/i.test(digits))
        throw malformed("A percent sign is followed by two hex digits: write it as %25.");
      byte = Number.parseInt(digits, 16);
      index += 2;
    }
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

export const charsets = ["utf-8", "iso-8859-1", "windows-1251", "windows-1252", "koi8-r", "utf-16be"] as const;
export type Charset = (typeof charsets)[number];

const otherNames = new Map<string, Charset>([
  ["utf8", "utf-8"],
  ["us-ascii", "utf-8"],
  ["ascii", "utf-8"],
  ["latin1", "iso-8859-1"],
  ["cp1251", "windows-1251"],
  ["cp1252", "windows-1252"],
]);

/** @returns null for one that is not read */
export function charsetNamed(name: string): Charset | null {
  const plain = name.toLowerCase();
  return charsets.find((charset) => charset === plain) ?? otherNames.get(plain) ?? null;
}

/** @throws invalid_input `malformed_form` for bytes that the charset does not have: they would be sent as something else */
export function decodeText(bytes: Buffer, charset: Charset, what: string): string {
  try {
    const text = decoders[charset](bytes);
    // A single-byte charset's unassigned bytes come out as these, and never mean them.
    const isUnassigned = charset !== "utf-8" && charset !== "utf-16be" && /[\x80-\x9f]/.test(text);
    if (!isUnassigned) return text;
  } catch {
    // Said below.
  }
  throw malformed(`The bytes of ${what} are not ${charset}.`);
}

const strictly = (charset: Charset) => (bytes: Buffer) =>
  new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);

/** What windows-1252 has where iso-8859-1 has control characters, from 0x80 on; a space stands for what it has not. */
const windows1252 = [..."€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"];

const decoders: Record<Charset, (bytes: Buffer) => string> = {
  "utf-8": strictly("utf-8"),
  "utf-16be": strictly("utf-16be"),
  "koi8-r": strictly("koi8-r"),
  "windows-1251": strictly("windows-1251"),
  // By hand: TextDecoder takes these two for one, and which of them depends on the version of Node.
  "iso-8859-1": (bytes) => bytes.toString("latin1"),
  "windows-1252": (bytes) =>
    bytes.toString("latin1").replace(/[\x80-\x9f]/g, (sign) => {
      const read = windows1252[sign.charCodeAt(0) - 0x80] ?? " ";
      return read === " " ? sign : read;
    }),
};

const malformed = (message: string) => invalidInput("malformed_form", message);
