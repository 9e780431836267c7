/** What callers may send to the retention room. Pure zod: forms import it. */
import { z } from "zod";

/** Shorter than this, messages would go before their carriers' receipts and their clients' questions came. */
export const leastKeepDays = 14;
const mostKeepDays = 3_650;

/** Whole days after the day (UTC) itself; null = for ever. */
const keepDays = z.number().int().min(leastKeepDays).max(mostKeepDays).nullable();
const isAtMost = (days: number | null, most: number | null) => (days ?? Infinity) <= (most ?? Infinity);

const policy = z.strictObject({
  messages: keepDays,
  /** What happened to them, beyond their last status. */
  history: keepDays,
  /** Carriers' ids, by which receipts and searches find messages. */
  receipts: keepDays,
});

export const retentionPolicy = policy
  .refine(({ messages, history }) => isAtMost(history, messages), {
    message: "The history of messages cannot be kept longer than the messages.",
    path: ["history"],
  })
  .refine(({ messages, receipts }) => isAtMost(receipts, messages), {
    message: "Carriers' ids cannot be kept longer than the messages.",
    path: ["receipts"],
  });
export type RetentionPolicy = z.output<typeof retentionPolicy>;

/** With a policy to try out: what it would drop. Nothing is changed. */
export const retentionOverview = z.strictObject({ tryOut: retentionPolicy.optional() });
export type RetentionOverview = z.input<typeof retentionOverview>;
