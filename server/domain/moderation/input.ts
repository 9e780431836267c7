/** What callers may send to the moderation room. */
import { z } from "zod";

export const moderationMode = z.enum(["off", "filters", "always"]);
export const filterAction = z.enum(["review", "block"]);
const tenantId = z.uuid();

export const getPolicy = z.strictObject({ tenantId });
export type GetPolicy = z.input<typeof getPolicy>;

export const setPolicy = z.strictObject({ tenantId, mode: moderationMode });
export type SetPolicy = z.input<typeof setPolicy>;

export const listFilters = z.strictObject({ tenantId });
export type ListFilters = z.input<typeof listFilters>;

export const createFilter = z.strictObject({
  id: z.uuid(),
  tenantId,
  phrase: z.string().trim().min(2).max(80),
  action: filterAction,
});
export type CreateFilter = z.input<typeof createFilter>;

export const deleteFilter = z.strictObject({ id: z.uuid() });
export type DeleteFilter = z.input<typeof deleteFilter>;

export const decideCase = z
  .strictObject({
    id: z.uuid(),
    decision: z.enum(["approved", "rejected"]),
    reason: z.string().trim().min(3, "Give a reason.").max(500).optional(),
  })
  .refine(({ decision, reason }) => decision === "approved" || reason !== undefined, {
    path: ["reason"],
    message: "Give a reason for the rejection.",
  });
export type DecideCase = z.input<typeof decideCase>;

export const listCases = z.strictObject({
  status: z.enum(["open", "approved", "rejected", "withdrawn"]).optional(),
  /** Only those that the actor's tenant may decide. */
  mineToDecide: z.boolean().default(false),
  tenantId: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListCases = z.input<typeof listCases>;

export const getCase = z.strictObject({ id: z.uuid() });
export type GetCase = z.input<typeof getCase>;
