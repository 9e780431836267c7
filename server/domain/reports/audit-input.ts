/** What callers may ask of the audit log. */
import { z } from "zod";
import { coercedMoment } from "#server/kernel/moment.ts";

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
  from: coercedMoment.optional(),
  to: coercedMoment.optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListAudit = z.input<typeof listAudit>;
