/** What callers may send to the SMPP accounts room. Pure zod: forms import it. */
import { z } from "zod";
import { ipRange } from "#server/kernel/ip-range.ts";

const fields = {
  name: z.string().trim().min(2).max(80),
  /** SMPP 3.4 section 5.2.1: at most 16 octets with the terminating zero. */
  systemId: z
    .string()
    .min(3)
    .max(15)
    .regex(/^[A-Za-z0-9._-]+$/, "Use letters, digits, points, hyphens and underscores."),
  allowedIps: z.array(ipRange).max(50),
  maxBinds: z.number().int().min(1).max(100),
  windowSize: z.number().int().min(1).max(2_000),
  receiptWindow: z.number().int().min(1).max(1_000),
  maxPerSecond: z.number().int().min(0).max(100_000),
  defaultAlphabet: z.enum(["gsm7", "latin1"]),
  trafficClass: z.enum(["otp", "transactional", "bulk"]),
  classFrom: z.enum(["account", "service_type", "priority_flag"]),
  receiptZone: z.enum(["utc", "tenant"]),
  inactivitySeconds: z.number().int().min(0).max(86_400),
};

export const createAccount = z.strictObject({
  id: z.uuid(),
  /** Whose messages they are; the caller's own tenant when left out. */
  tenantId: z.uuid().optional(),
  name: fields.name,
  systemId: fields.systemId,
  allowedIps: fields.allowedIps.default([]),
  maxBinds: fields.maxBinds.default(10),
  windowSize: fields.windowSize.default(100),
  receiptWindow: fields.receiptWindow.default(100),
  maxPerSecond: fields.maxPerSecond.default(0),
  defaultAlphabet: fields.defaultAlphabet.default("gsm7"),
  trafficClass: fields.trafficClass.default("transactional"),
  classFrom: fields.classFrom.default("account"),
  receiptZone: fields.receiptZone.default("utc"),
  inactivitySeconds: fields.inactivitySeconds.default(0),
});
export type CreateAccount = z.input<typeof createAccount>;

const { systemId: _, ...changeable } = fields;
export const updateAccount = z.strictObject({
  id: z.uuid(),
  ...z.object(changeable).partial().shape,
  status: z.enum(["enabled", "disabled"]).optional(),
});
export type UpdateAccount = z.input<typeof updateAccount>;

export const accountById = z.strictObject({ id: z.uuid() });
export type AccountById = z.input<typeof accountById>;

export const listAccounts = z.strictObject({
  /** The caller's own tenant when left out. */
  tenantId: z.uuid().optional(),
});
export type ListAccounts = z.input<typeof listAccounts>;
