/** What callers may send about connectors that speak HTTP. Pure zod: forms import it. */
import { z } from "zod";
import { httpDescription } from "#server/domain/routing/http-description.ts";
import { connectorFields, status } from "#server/domain/routing/input.ts";

/** Requests under way at a time are connections: fewer than SMPP's window allows. */
const windowSize = z.number().int().min(1).max(200);
const {
  name,
  maxPerSecond,
  unknownPolicy,
  responseTimeoutMs,
  receiptTimeoutHours,
  maxAttempts,
  failoverAfterSeconds,
  maxMoves,
} = connectorFields;

/** It may stand in a header. */
const secret = z
  .string()
  .max(2_000)
  .regex(/^[\x20-\x7e]*$/, "Use printable ASCII characters.");

export const createHttpConnector = z.strictObject({
  id: z.uuid(),
  /** The owner; the caller's own tenant when left out. */
  tenantId: z.uuid().optional(),
  name,
  description: httpDescription,
  /** Password, token or key; not needed where the partner asks for none. */
  secret: secret.default(""),
  windowSize: windowSize.default(10),
  maxPerSecond: maxPerSecond.default(0),
  unknownPolicy: unknownPolicy.default("wait"),
  responseTimeoutMs: responseTimeoutMs.default(10_000),
  receiptTimeoutHours: receiptTimeoutHours.default(72),
  maxAttempts: maxAttempts.default(5),
  failoverAfterSeconds: failoverAfterSeconds.default(60),
  maxMoves: maxMoves.default(2),
  status: status.default("enabled"),
});
export type CreateHttpConnector = z.input<typeof createHttpConnector>;

export const updateHttpConnector = z.strictObject({
  id: z.uuid(),
  name: name.optional(),
  description: httpDescription.optional(),
  /** Left out or empty = keep the one that is stored. */
  secret: secret.optional(),
  windowSize: windowSize.optional(),
  maxPerSecond: maxPerSecond.optional(),
  unknownPolicy: unknownPolicy.optional(),
  responseTimeoutMs: responseTimeoutMs.optional(),
  receiptTimeoutHours: receiptTimeoutHours.optional(),
  maxAttempts: maxAttempts.optional(),
  failoverAfterSeconds: failoverAfterSeconds.optional(),
  maxMoves: maxMoves.optional(),
});
export type UpdateHttpConnector = z.input<typeof updateHttpConnector>;

/** One real request over a saved connector, outside of every account: the partner may charge for it. */
export const tryConnector = z.strictObject({
  id: z.uuid(),
  to: z.string().trim().min(5).max(40),
  from: z.string().trim().min(1).max(20),
  text: z.string().min(1).max(1_000),
});
export type TryConnector = z.input<typeof tryConnector>;
