/** What callers may send to the ledger room. */
import { z } from "zod";

/** Left out: every order in the actor's scope. */
export const proveLedger = z.strictObject({ orderId: z.uuid().optional() });
export type ProveLedger = z.input<typeof proveLedger>;

const day = z.iso.date();

export const statement = z.strictObject({
  orderId: z.uuid(),
  /** Days in the zone of the actor's tenant, both included; left out: from the first, to the last. */
  from: day.optional(),
  to: day.optional(),
  /** The last day of the page before: the next page starts below it. */
  cursor: day.optional(),
  limit: z.number().int().min(1).max(400).default(31),
});
export type StatementInput = z.input<typeof statement>;
