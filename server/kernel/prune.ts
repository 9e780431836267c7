/** Deletion by age, in bites that an index finds and that no other transaction notices. For verbs that jobs call. */
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** Rows of one bite. A caller that gets as many back may ask again at once. */
export const pruneBite = 2_000;

/** @property column a timestamp with an index that begins with it */
export type Aged = { table: string; column: string; keepMs: number };

/** @returns how many rows were deleted, at most `pruneBite` · @throws forbidden for anybody but a job */
export async function pruneAged(ctx: Context, { table, column, keepMs }: Aged): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("platform.prune");
  const before = new Date(ctx.clock.now().getTime() - keepMs);
  return asSystem(ctx, async ({ tx: { sql } }) => {
    const rows = await sql`
      delete from ${sql(table)} where ctid = any (array(
        select ctid from ${sql(table)} where ${sql(column)} < ${before}
        order by ${sql(column)} limit ${pruneBite} for update skip locked))
      returning 1`;
    return rows.length;
  });
}
