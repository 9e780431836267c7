/** What callers may send to the notifications room. */
import { z } from "zod";

export const listEmails = z.strictObject({
  /** One tenant's; all of the subtree's when left out. */
  tenantId: z.uuid().optional(),
  /** Part of an address or a subject. */
  search: z.string().trim().max(100).optional(),
  status: z.enum(["queued", "sent", "kept", "failed"]).optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListEmails = z.input<typeof listEmails>;

export const getEmail = z.strictObject({ id: z.uuid() });
export type GetEmail = z.input<typeof getEmail>;
