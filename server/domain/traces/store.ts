/** Writes blocks of exchanges, and drops them when their time is over. */
import { promisify } from "node:util";
import { constants, deflateRaw } from "node:zlib";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { pruneBite } from "#server/kernel/prune.ts";

export type Block = {
  worker: string;
  /** Bits of the kinds in it. */
  kinds: number;
  exchanges: number;
  /** As writeExchange left them, one behind the other. */
  bytes: Buffer;
};

const deflate = promisify(deflateRaw);

/** Not on the path of any message: what cannot be written is lost, and nobody waits for it. */
export async function storeBlock(ctx: Context, { worker, kinds, exchanges, bytes }: Block): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("platform.trace");
  // Off this thread, and at the fastest: neighbours in a block are alike, so that it shrinks to a fifth all the same.
  const packed = await deflate(bytes, { level: constants.Z_BEST_SPEED });
  const id = newId(ctx.clock.now().getTime());
  await ctx.db.sql`
    insert into wire_blocks (id, worker, kinds, exchanges, bytes)
    values (${id}, ${worker}, ${kinds}, ${exchanges}, ${packed})`;
}

/** Run by a job. @returns how many went, at most `pruneBite` */
export async function pruneBlocks(ctx: Context, keepMs: number): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("platform.prune");
  const before = new Date(ctx.clock.now().getTime() - keepMs);
  return asSystem(ctx, async ({ tx: { sql } }) => {
    const rows = await sql`
      delete from wire_blocks where id = any (array(
        select id from wire_blocks where id < banyan_uuid7_floor(${before}) order by id limit ${pruneBite}
        for update skip locked))
      returning 1`;
    return rows.length;
  });
}
