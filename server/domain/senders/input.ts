/** What callers may send to the senders room. */
import { z } from "zod";

/** 3 to 11 characters that every carrier takes in an alphanumeric address (3GPP TS 23.040, 9.1.2.5). */
export const senderName = z
  .string()
  .trim()
  .min(3, "A sender name has at least 3 characters.")
  .max(11, "A sender name has at most 11 characters.")
  .regex(/^[A-Za-z0-9 .\-_&]+$/, "Use letters, digits, space and . - _ & only.")
  .regex(/[A-Za-z]/, "Use at least one letter.")
  .refine((name) => !/ {2}/.test(name), "Use single spaces.");

const reason = z.string().trim().min(3, "Give a reason.").max(300);

export const registerSender = z.strictObject({
  id: z.uuid(),
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  name: senderName,
  /** What it is for, in the registrant's words: what a reviewer reads. */
  purpose: z.string().trim().min(3).max(500),
});
export type RegisterSender = z.input<typeof registerSender>;

export const decideSender = z
  .strictObject({ id: z.uuid(), decision: z.enum(["approved", "rejected"]), reason: reason.optional() })
  .refine(({ decision, reason }) => decision === "approved" || reason !== undefined, {
    path: ["reason"],
    message: "Give a reason for the rejection.",
  });
export type DecideSender = z.input<typeof decideSender>;

export const revokeSender = z.strictObject({ id: z.uuid(), reason });
export type RevokeSender = z.input<typeof revokeSender>;

export const listSenders = z.strictObject({
  /** own: the actor's tenant's; awaiting: those it may decide now; subtree: all it can see. */
  view: z.enum(["own", "awaiting", "subtree"]).default("own"),
  tenantId: z.uuid().optional(),
  status: z.enum(["pending", "approved", "rejected", "revoked"]).optional(),
  search: z.string().trim().max(40).optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListSenders = z.input<typeof listSenders>;

export const getSender = z.strictObject({ id: z.uuid() });
export type GetSender = z.input<typeof getSender>;
