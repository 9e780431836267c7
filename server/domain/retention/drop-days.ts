/** Drops what the policy says is past its time, partition by partition. The ledger, the reports and the sums of the day stay. */
import { listPartitions, type Owner } from "#db/partitions.ts";
import { floorId } from "#server/domain/messages/search-terms.ts";
import { loadPolicy } from "#server/domain/retention/load-policy.ts";
import { type Drop, dayNumber, planDrops } from "#server/domain/retention/plan.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

const dayMs = 86_400_000;

/**
 * Run by a job. Only settled days go, and messages only when they still add up to what was written when their day was
 * settled: otherwise the ledger could not be proved afterwards.
 * @param most partitions of one call, so that a change of policy does not empty the disk's queue at once
 * @returns what went · @throws forbidden for anybody but a job
 */
export async function dropDays(ctx: Context, owner: Owner, most = 30): Promise<Drop[]> {
  if (ctx.actor.type !== "job") throw forbidden("platform.retention");
  const { drops } = await asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<{ day: string }[]>`
      select to_char(day, 'YYYY-MM-DD') as day from message_days where settled_at is not null`;
    const settled = new Set(rows.map((row) => row.day));
    return planDrops(await loadPolicy(ctx), await listPartitions(ctx.tx.sql), settled, ctx.clock.now());
  });
  const gone: Drop[] = [];
  for (const drop of drops.slice(0, most)) {
    const { partition, kind, day } = drop;
    if (partition.state === "attached") {
      if (kind === "messages" && !(await addsUp(ctx, day))) {
        log.error({ day }, "a settled day differs from its sums: it is kept");
        continue;
      }
      await writeDown(ctx, drop);
    }
    if (await owner.drop(partition)) gone.push(drop);
  }
  return gone;
}

async function addsUp(ctx: Context, day: string): Promise<boolean> {
  const fromMs = dayNumber(day) * dayMs;
  const [row] = await ctx.db.sql<{ n: number }[]>`
    with found as (
      select rate_id, charge_stage, count(*) as messages, sum(parts) as parts from messages
      where id >= ${floorId(fromMs)}::uuid and id < ${floorId(fromMs + dayMs)}::uuid group by 1, 2
    ), written as (
      select rate_id, charge_stage, messages, parts from message_day_totals where day = ${day}
    )
    select count(*)::int as n from ((table found except table written) union all (table written except table found)) d`;
  return row?.n === 0;
}

/** For the platform's owners, before it is done: a day that is gone without a word would be worse than one told of twice. */
async function writeDown(ctx: Context, { kind, day, partition }: Drop): Promise<void> {
  await asSystem(ctx, async (ctx) => {
    const roots = await ctx.tx.sql<{ id: string }[]>`select id from tenants where parent_id is null`;
    for (const { id: tenantId } of roots) {
      await audit(ctx, {
        action: "retention.drop_day",
        subjectType: "retention",
        subjectId: day,
        tenantId,
        detail: { kind, day, bytes: partition.bytes },
      });
    }
  });
}
