/** Links of invitations and password resets, used or run out, do not stay for ever. */
import type { Context } from "#server/kernel/context.ts";
import { pruneAged } from "#server/kernel/prune.ts";

/** After their end; the person stays invited and can be sent another. */
const keepMs = 30 * 86_400_000;

/** Run by a job. @returns how many went */
export const pruneLinks = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "invitations", column: "expires_at", keepMs });
