/** Secrets: tokens and keys as SHA-256 of 256 random bits; carrier passwords sealed with AES-256-GCM bound to their row. */
import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";
import { env } from "#env.ts";

/** 256 bits of randomness, URL-safe. */
export const randomToken = (): string => randomBytes(32).toString("base64url");
/** Enough for tokens of at least 112 bits of entropy (OWASP ASVS 5.0, 6.5.2); passwords use argon2. */
export const hashToken = (token: string): string => hash("sha256", token, "hex");

/**
 * Encrypts a secret for one row. The row's id is authenticated with it, so a sealed value copied to another row
 * does not open.
 * @returns `v1.<iv>.<tag>.<ciphertext>`, base64url
 */
export function seal(plain: string, rowId: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", encryptionKey(), iv).setAAD(Buffer.from(rowId));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return ["v1", iv, cipher.getAuthTag(), body]
    .map((p) => (typeof p === "string" ? p : p.toString("base64url")))
    .join(".");
}

/** @throws when the key, the row or the bytes are not those it was sealed with */
export function open(sealed: string, rowId: string): string {
  const [version, iv = "", tag = "", body = ""] = sealed.split(".");
  if (version !== "v1") throw new Error("Unknown sealed format.");
  const decipher = createDecipheriv("aes-256-gcm", encryptionKey(), Buffer.from(iv, "base64url"))
    .setAAD(Buffer.from(rowId))
    .setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString("utf8");
}

function encryptionKey(): Buffer {
  if (!env.ENCRYPTION_KEY)
    throw new Error("ENCRYPTION_KEY is not set: it is needed to read and write carrier passwords.");
  return Buffer.from(env.ENCRYPTION_KEY, "base64");
}
