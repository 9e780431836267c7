/** What callers may send to the throughput room. Pure zod: forms import it. */
import { z } from "zod";

const mostPerSecond = 100_000;

export const setContract = z
  .strictObject({
    tenantId: z.uuid(),
    /** Messages per second that it gets whenever it has enough waiting; 0 = none. */
    reservedPerSecond: z.number().int().min(0).max(mostPerSecond),
    /** Messages per second, accepted and sent; null = as fast as it goes. */
    maxPerSecond: z.number().int().min(1).max(mostPerSecond).nullable(),
    /** Its part of what nobody reserved, against its siblings' (1 where nothing was set). */
    weight: z.number().int().min(1).max(100),
  })
  .refine(({ reservedPerSecond, maxPerSecond }) => maxPerSecond === null || maxPerSecond >= reservedPerSecond, {
    message: "The most must not be below what is reserved.",
    path: ["maxPerSecond"],
  });
export type SetContract = z.input<typeof setContract>;

export const contractOf = z.strictObject({
  /** The caller's own tenant when left out. */
  tenantId: z.uuid().optional(),
});
export type ContractOf = z.input<typeof contractOf>;

export const queueFigures = z.strictObject({
  /** A tenant in the caller's subtree; the caller's own when left out. */
  tenantId: z.uuid().optional(),
  /** Whether what is below it counts, too. */
  scope: z.enum(["self", "subtree"]).default("subtree"),
});
export type QueueFigures = z.input<typeof queueFigures>;
