/** E-mails do not stay readable for ever. */
import type { Context } from "#server/kernel/context.ts";
import { pruneAged } from "#server/kernel/prune.ts";

const keepMs = 90 * 86_400_000;

/** Run by a job. @returns how many went */
export const pruneEmails = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "emails", column: "created_at", keepMs });
