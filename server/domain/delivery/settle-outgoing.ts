/** What became of receipts that a server told a client of: confirmed, or to be told again later. */
import { momentArray, uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { pruneBite } from "#server/kernel/prune.ts";

/** How long a client may stay away without losing receipts; docs/api/smpp.md says so. */
const keepMs = 3 * 86_400_000;

/** They are gone for good, and with them the parts of messages that never came to be: one statement, so one journey. */
export async function confirmOutgoing(ctx: Context, { ids }: { ids: readonly string[] }): Promise<void> {
  allowWorker(ctx);
  await ctx.db.sql`
    with told as (delete from outgoing_receipts where id = any(${uuidArray(ids)}::uuid[]) returning message_id)
    delete from smpp_parts p using told where p.message_id = told.message_id and p.failed_at is not null`;
}

export type Postponed = { id: string; delayMs: number };

/** The client refused them: not before the delay is over; the ones behind them go on. */
export async function postponeOutgoing(ctx: Context, { receipts }: { receipts: readonly Postponed[] }): Promise<void> {
  allowWorker(ctx);
  const nowMs = ctx.clock.now().getTime();
  await ctx.db.sql`
    update outgoing_receipts r set ready_at = p.ready_at, attempts = least(r.attempts + 1, 1000)
    from unnest(${uuidArray(receipts.map((r) => r.id))}::uuid[],
      ${momentArray(receipts.map((r) => new Date(nowMs + r.delayMs)))}::timestamptz[]) as p (id, ready_at)
    where r.id = p.id`;
}

/** Run by a job: what clients did not fetch in time. @returns how many went, at most `pruneBite` */
export async function pruneOutgoing(ctx: Context): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("platform.prune");
  const before = new Date(ctx.clock.now().getTime() - keepMs);
  return asSystem(ctx, async ({ tx: { sql } }) => {
    // Ids begin with their time, so the primary key finds the old ones.
    const rows = await sql`
      delete from outgoing_receipts where id = any (array(
        select id from outgoing_receipts where id < banyan_uuid7_floor(${before}) and channel = 'smpp'
        order by id limit ${pruneBite} for update skip locked))
      returning 1`;
    return rows.length;
  });
}
