/** What callers may ask of the audit log. */
import { z } from "zod";

export const listAudit = z.strictObject({
  /** One tenant's; all of the subtree's when left out. */
  tenantId: z.uuid().optional(),
  /** A verb (orders.sign) or a room with its point (orders.). */
  action: z
    .string()
    .regex(/^[a-z]+\.[a-z_]*$/, "Use room.verb, or a room and a point.")
    .optional(),
  subjectId: z.string().max(100).optional(),
  actorId: z.string().max(100).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListAudit = z.input<typeof listAudit>;
