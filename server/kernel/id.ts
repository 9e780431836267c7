/** Ids: UUIDv7 (RFC 9562 section 5.7), time-ordered, chosen by the caller before the call. */
import { createHash, randomBytes } from "node:crypto";

/** A new id; ids made in one process in one millisecond are still in order. */
export function newId(atMs: number = Date.now()): string {
  if (atMs > lastMs) {
    lastMs = atMs;
    sequence = Number.parseInt(draw(sequenceDigits), 16) & 0x03ff;
  } else {
    sequence += 1;
    if (sequence > 0x0fff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  return `${headOf(lastMs)}7${hex3(sequence)}-${randomTail()}`;
}
let lastMs = 0;
let sequence = 0;

let headMs = 0;
let head = "";
/** Of ids made one after the other, most share their millisecond. */
function headOf(atMs: number): string {
  if (atMs !== headMs) {
    const hex = atMs.toString(16).padStart(12, "0");
    head = `${hex.slice(0, 8)}-${hex.slice(8)}-`;
    headMs = atMs;
  }
  return head;
}

const hex3 = (bits: number): string => hexOfBits[bits] ?? "000";
const hexOfBits = Array.from({ length: 0x1000 }, (_, bits) => bits.toString(16).padStart(3, "0"));

const tailDigits = 16;
const sequenceDigits = 4;
const digits = "0123456789abcdef";
const variantDigits = "89ab";
const poolBytes = 4_096;
let pool = "";
let used = 0;

/** Hex digits, drawn for many ids at once: a draw of its own for each was a twentieth of what a message costs. */
function draw(count: number): string {
  if (used + count > pool.length) {
    pool = randomBytes(poolBytes).toString("hex");
    used = 0;
  }
  used += count;
  return pool.slice(used - count, used);
}

function randomTail(): string {
  const tail = draw(tailDigits);
  // Two bits of the first digit are the variant, RFC 9562 section 4.1.
  const variant = variantDigits[digits.indexOf(tail.charAt(0)) & 3];
  return `${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}

/**
 * The id of the n-th message of a campaign: the same inputs always give the same id, so a step that runs twice sends
 * once, and ids are in the order of the list.
 * @param atMs the campaign's launch time in Unix milliseconds (chooses the day partition)
 * @param ordinal 1 … 2^32-1, the recipient's place in the list
 */
export function derivedId(atMs: number, seed: string, ordinal: number): string {
  return derivedIds(atMs, seed)(ordinal);
}

/** The same for many ordinals: all but the last eight digits is the same for all of them, and is made once. */
export function derivedIds(atMs: number, seed: string): (ordinal: number) => string {
  const digest = createHash("sha256").update(seed).digest();
  const tail = Buffer.alloc(tailDigits / 2);
  digest.copy(tail, 0, 0, 4);
  const common = format(atMs, digest.readUInt16BE(4) & 0x0fff, tail).slice(0, -8);
  return (ordinal) => common + ordinal.toString(16).padStart(8, "0");
}

/** An id derived from a name, for transfers and e-mails that must not be made twice (UUIDv8: vendor-specific). */
export function namedId(...parts: string[]): string {
  const bytes = createHash("sha256").update(parts.join("\u0000")).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return dashed(bytes.toString("hex"));
}

/** Unix milliseconds inside a UUIDv7. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isId = (value: string): boolean => pattern.test(value);
export const nilId = "00000000-0000-0000-0000-000000000000";

function format(atMs: number, twelveBits: number, tail: Buffer): string {
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const head = atMs.toString(16).padStart(12, "0");
  return dashed(`${head}7${twelveBits.toString(16).padStart(3, "0")}${tail.toString("hex")}`);
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
