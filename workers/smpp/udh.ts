/** User data headers (GSM 03.40 section 9.2.3.24): the concatenation header, with an 8- or 16-bit reference. */

export const udhiBit = 0x40;

export type Concatenation = { reference: number; total: number; number: number };

const concatenation8 = 0x00;
const concatenation16 = 0x08;

/** @param bits 8 takes 6 octets, 16 takes 7; parts are cut for 6, so 8 is what is sent */
export function buildConcatenation({ reference, total, number }: Concatenation, bits: 8 | 16 = 8): Buffer {
  return bits === 8
    ? Buffer.from([5, concatenation8, 3, reference & 0xff, total, number])
    : Buffer.from([6, concatenation16, 4, (reference >> 8) & 0xff, reference & 0xff, total, number]);
}

export type Unwrapped = { concatenation: Concatenation | null; body: Buffer };

/** Splits the header off. A header that contradicts its own lengths is taken as text: nothing is lost. */
export function parseUdh(bytes: Buffer): Unwrapped {
  const headerEnd = (bytes[0] ?? 0) + 1;
  if (bytes.length === 0 || headerEnd > bytes.length) return { concatenation: null, body: bytes };
  let concatenation: Concatenation | null = null;
  let offset = 1;
  while (offset + 2 <= headerEnd) {
    const id = bytes[offset] ?? 0;
    const end = offset + 2 + (bytes[offset + 1] ?? 0);
    if (end > headerEnd) return { concatenation: null, body: bytes };
    const data = bytes.subarray(offset + 2, end);
    concatenation ??= readConcatenation(id, data);
    offset = end;
  }
  return { concatenation, body: bytes.subarray(headerEnd) };
}

function readConcatenation(id: number, data: Buffer): Concatenation | null {
  const [a = 0, b = 0, c = 0, d = 0] = data;
  const found =
    id === concatenation8 && data.length === 3
      ? { reference: a, total: b, number: c }
      : id === concatenation16 && data.length === 4
        ? { reference: (a << 8) | b, total: c, number: d }
        : null;
  return found && found.number >= 1 && found.number <= found.total ? found : null;
}
