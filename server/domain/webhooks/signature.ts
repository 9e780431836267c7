/** Standard Webhooks 1.0: how a request is signed, and the secrets that sign it. */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** 256 bits, as the receiver is given it. */
export const newSecret = (): string => `${prefix}${randomBytes(32).toString("base64")}`;

/** Made once for an endpoint: octets would be made into one for every signature. */
export const keyOf = (secret: string): KeyObject => createSecretKey(secret.slice(prefix.length), "base64");

/** Sealed secrets that sign now, the newest first: one that was renewed signs beside its successor until its time is over. */
export const validSecrets = (
  current: string,
  previous: readonly { sealed: string; until: string }[],
  now: Date,
): string[] => {
  const valid = previous.filter(({ until }) => Date.parse(until) > now.getTime()).map(({ sealed }) => sealed);
  return [current, ...valid.reverse()];
};

export type Signed = { id: string; timestamp: number; body: string };

/**
 * One signature for each secret that is valid, so that a receiver may change over at any moment.
 * @param timestamp Unix seconds
 */
export function signatureOf(keys: readonly KeyObject[], { id, timestamp, body }: Signed): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac("sha256", key).update(content).digest("base64")}`).join(" ");
}

export const signedHeaders = (keys: readonly KeyObject[], signed: Signed): Record<string, string> => ({
  "content-type": "application/json",
  "user-agent": "webhooks/1.0",
  "webhook-id": signed.id,
  "webhook-timestamp": String(signed.timestamp),
  "webhook-signature": signatureOf(keys, signed),
});
