/** Signatures of the protocol: HMAC over the canonical body and a timestamp, and bearer tokens made of hashed keys. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** How old or how far ahead a signature may be. SDK specification, 4.1.3. */
const toleranceMs = 5 * 60_000;

/** JSON with sorted keys and no blanks (RFC 8785): the SDK signs what it parsed, not the bytes it got. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(",")}}`;
}

/** @returns the value of X-Inngest-Signature for a body that is canonical already */
export function sign(body: string, signingKey: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString();
  return `t=${seconds}&s=${digest(body, signingKey, seconds)}`;
}

export function isSignedBy(header: string | undefined, body: string, signingKey: string, nowMs: number): boolean {
  const fields = new URLSearchParams(header ?? "");
  const seconds = fields.get("t") ?? "";
  if (!/^\d+$/.test(seconds) || Math.abs(nowMs - Number(seconds) * 1000) > toleranceMs) return false;
  return isSameText(fields.get("s") ?? "", digest(body, signingKey, seconds));
}

/** The form in which the SDK shows its signing key: the prefix stays, the rest is hashed. SDK specification, 4.1.4. */
export function hashedKey(signingKey: string): string {
  const prefix = signingKey.match(/^signkey-\w+-/)?.[0] ?? "";
  const letters = withoutPrefix(signingKey).replace(/[^a-z0-9]+/gi, "");
  const pairs = (letters.length % 2 ? `0${letters}` : letters).match(/../g) ?? [];
  // A key that is not hexadecimal must hash as the SDK's library hashes it: what is no number counts as zero.
  const bytes = Buffer.from(pairs.map((pair) => Number.parseInt(pair, 16) & 0xff));
  return prefix + createHash("sha256").update(bytes).digest("hex");
}

/** Compares in constant time, whatever the lengths. */
export function isSameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

const withoutPrefix = (key: string) => key.replace(/^signkey-\w+-/, "");

function digest(body: string, signingKey: string, seconds: string): string {
  return createHmac("sha256", withoutPrefix(signingKey)).update(body).update(seconds).digest("hex");
}
