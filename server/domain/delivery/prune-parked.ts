/** Parked receipts do not stay for ever. */
import type { Context } from "#server/kernel/context.ts";
import { pruneAged } from "#server/kernel/prune.ts";

/** match-parked.ts looks for five days; then a receipt is evidence, for as long as carriers answer questions about it. */
const keepMs = 30 * 86_400_000;

/** Run by a job. @returns how many went */
export const pruneParked = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "parked_receipts", column: "received_at", keepMs });
