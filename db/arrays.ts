/**
 * Arrays for set-based SQL in Postgres's binary format, each under its own type: `${uuidArray(ids)}::uuid[]`. The driver
 * would write each element as text; what Postgres spent on reading that again was an eighth of all its work.
 * Layout: https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES and array_recv.
 */

/** Bytes that say of which type they are. The patched driver sends them as they are. */
export type ArrayParameter = Uint8Array & { readonly oid: number };

/** Type numbers of pg_type.dat; they never change. */
const types = {
  uuid: { element: 2950, array: 2951 },
  text: { element: 25, array: 1009 },
  smallint: { element: 21, array: 1005 },
  int: { element: 23, array: 1007 },
  bigint: { element: 20, array: 1016 },
  double: { element: 701, array: 1022 },
  boolean: { element: 16, array: 1000 },
  day: { element: 1082, array: 1182 },
  moment: { element: 1184, array: 1185 },
} as const;
type ElementType = (typeof types)[keyof typeof types];

const headLength = 20;

/** Elements of one length. Null is an element without bytes. */
function fixedArray<T>(
  type: ElementType,
  length: number,
  values: readonly (T | null)[],
  write: (bytes: Buffer, value: T, at: number) => void,
): ArrayParameter {
  // By index: values come as arrays of every kind, and then an iterator makes an object for each of them.
  let nulls = 0;
  for (let n = 0; n < values.length; n += 1) if (values[n] === null) nulls += 1;
  const bytes = Buffer.allocUnsafe(headLength + 4 * values.length + length * (values.length - nulls));
  let at = writeHead(bytes, type, values.length, nulls > 0);
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n] as T | null;
    bytes.writeInt32BE(value === null ? -1 : length, at);
    at += 4;
    if (value === null) continue;
    write(bytes, value, at);
    at += length;
  }
  return asParameter(type, bytes, at);
}

/** @returns the place of the first element. An array without elements has no dimension, and so a shorter head. */
function writeHead(bytes: Buffer, type: ElementType, count: number, hasNulls: boolean): number {
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
  bytes.writeInt32BE(hasNulls ? 1 : 0, 4);
  bytes.writeInt32BE(type.element, 8);
  if (count === 0) return 12;
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
  return headLength;
}

const asParameter = (type: ElementType, bytes: Buffer, length: number): ArrayParameter =>
  Object.assign(length === bytes.length ? bytes : bytes.subarray(0, length), { oid: type.array });

/** @throws RangeError on what is no UUID in its usual form (RFC 9562 section 4) */
export const uuidArray = (values: readonly (string | null)[]): ArrayParameter =>
  fixedArray(types.uuid, 16, values, writeUuid);

/** By character code; -1 for what is no hexadecimal digit. */
const digits = new Int8Array(65_536).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

function writeUuid(bytes: Buffer, id: string, at: number): void {
  let to = at;
  let signs = id.length === 36 ? 0 : -1;
  for (let n = 0; n < 36; n += 2) {
    if (n === 8 || n === 13 || n === 18 || n === 23) {
      if (id.charCodeAt(n) !== dash) signs = -1;
      n += 1;
    }
    const high = digits[id.charCodeAt(n)] ?? -1;
    const low = digits[id.charCodeAt(n + 1)] ?? -1;
    signs |= high | low;
    bytes[to] = (high << 4) | low;
    to += 1;
  }
  if (signs < 0) throw new RangeError("An id is no UUID.");
}
const dash = 0x2d;

/** Buffers would cut off what is behind the point, and take NaN for 0. */
function whole(value: number): number {
  if (!Number.isInteger(value)) throw new RangeError("A number is not whole.");
  return value;
}

/** Whole numbers from -32,768. @throws RangeError on what does not fit, as intArray does */
export const smallintArray = (values: readonly (number | null)[]): ArrayParameter =>
  fixedArray(types.smallint, 2, values, (bytes, value, at) => bytes.writeInt16BE(whole(value), at));

export const intArray = (values: readonly (number | null)[]): ArrayParameter =>
  fixedArray(types.int, 4, values, (bytes, value, at) => bytes.writeInt32BE(whole(value), at));

export const bigintArray = (values: readonly (bigint | number | null)[]): ArrayParameter =>
  fixedArray(types.bigint, 8, values, (bytes, value, at) => bytes.writeBigInt64BE(BigInt(value), at));

export const doubleArray = (values: readonly (number | null)[]): ArrayParameter =>
  fixedArray(types.double, 8, values, (bytes, value, at) => bytes.writeDoubleBE(value, at));

export const booleanArray = (values: readonly (boolean | null)[]): ArrayParameter =>
  fixedArray(types.boolean, 1, values, (bytes, value, at) => bytes.writeUInt8(value ? 1 : 0, at));

/** Postgres counts days and microseconds from 2000-01-01. */
const epochDay = 10_957;
const epochMs = epochDay * 86_400_000;

/** `date`, from whole days since 1970-01-01. */
export const dayArray = (values: readonly (number | null)[]): ArrayParameter =>
  fixedArray(types.day, 4, values, (bytes, value, at) => bytes.writeInt32BE(whole(value) - epochDay, at));

/** `timestamptz`, to the millisecond. */
export const momentArray = (values: readonly (Date | null)[]): ArrayParameter =>
  fixedArray(types.moment, 8, values, (bytes, value, at) => {
    const micros = whole(value.getTime() - epochMs) * 1_000;
    const high = Math.floor(micros / 2 ** 32);
    bytes.writeInt32BE(high, at);
    bytes.writeUInt32BE(micros - high * 2 ** 32, at + 4);
  });

/** Grown and kept: text has no length that is known before it is written. Nothing waits between its use and the copy. */
let scratch = Buffer.allocUnsafe(65_536);

/** Any text. What is no part of a pair of surrogates becomes U+FFFD. */
export function textArray(values: readonly (string | null)[]): ArrayParameter {
  let hasNulls = false;
  let at = headLength;
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n] as string | null;
    if (value === null) {
      hasNulls = true;
      makeRoom(at, 4);
      scratch.writeInt32BE(-1, at);
      at += 4;
      continue;
    }
    // At most three octets for each UTF-16 unit.
    makeRoom(at, 4 + 3 * value.length);
    const length = writeText(value, at + 4);
    scratch.writeInt32BE(length, at);
    at += 4 + length;
  }
  const start = writeHead(scratch, types.text, values.length, hasNulls);
  const length = values.length === 0 ? start : at;
  return asParameter(types.text, Buffer.from(scratch.subarray(0, length)), length);
}

function makeRoom(at: number, needed: number): void {
  if (at + needed <= scratch.length) return;
  const larger = Buffer.allocUnsafe(2 * (at + needed));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

/** Up to this length, writing letter by letter is faster than asking the runtime to. */
const shortLength = 64;

function writeText(value: string, at: number): number {
  if (value.length > shortLength) return scratch.write(value, at);
  for (let n = 0; n < value.length; n += 1) {
    const code = value.charCodeAt(n);
    if (code > 0x7f) return scratch.write(value, at);
    scratch[at + n] = code;
  }
  return value.length;
}
