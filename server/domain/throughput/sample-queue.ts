/** Counts what waits for carriers, for everybody at once: readers find the last count and never touch the queue. */
import { doubleArray, intArray, momentArray, smallintArray, uuidArray } from "#db/arrays.ts";
import { drainSeconds } from "#server/domain/throughput/estimate.ts";
import { loadTerms } from "#server/domain/throughput/load-terms.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

type Depth = {
  tenantId: string;
  connectorId: string;
  lane: number;
  waiting: number;
  held: number;
  scheduled: number;
  oldestAt: Date | null;
  path: string[];
  /** Itself or a tenant above it is suspended: nothing of it goes. */
  isStopped: boolean;
};

/** A connector whose worker says nothing for so long sends nothing. */
const silentMs = 20_000;
/** Any number that nobody else locks. */
const samplerLock = 726_170;

/**
 * Reads the whole queue once, so the caller makes its pauses as long as the reading takes. Of several at once, one does it.
 * @throws forbidden for anybody but a job
 */
export async function sampleQueue(ctx: Context): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.sample");
  await asSystem(ctx, async (ctx) => {
    const [lock] = await ctx.tx.sql<{ ok: boolean }[]>`select pg_try_advisory_xact_lock(${samplerLock}) as ok`;
    if (!lock?.ok) return;
    const now = ctx.clock.now();
    const depths = await countWaiting(ctx, now);
    const drains = await estimate(ctx, depths, now);
    await ctx.tx.sql`delete from queue_depths`;
    if (depths.length > 0) await write(ctx, depths, drains, now);
  });
}

function countWaiting(ctx: InTx, now: Date): Promise<Depth[]> {
  return ctx.tx.sql<Depth[]>`
    with depths as (
      select tenant_id, connector_id, lane, count(*)::int as waiting, count(*) filter (where is_held)::int as held,
        count(*) filter (where not is_held and ready_at > ${now})::int as scheduled,
        min(ready_at) filter (where not is_held and ready_at <= ${now}) as oldest_at
      from send_queue where lease_owner is null group by 1, 2, 3
    )
    select d.tenant_id as "tenantId", d.connector_id as "connectorId", d.lane::int, d.waiting, d.held, d.scheduled,
      d.oldest_at as "oldestAt", t.ancestors as path,
      exists (select from tenants a where a.id = any (t.ancestors) and a.status <> 'active') as "isStopped"
    from depths d join tenants t on t.id = d.tenant_id`;
}

async function estimate(ctx: InTx, depths: readonly Depth[], now: Date): Promise<Map<Depth, number | null>> {
  const rates = await ctx.tx.sql<{ connectorId: string; perSecond: number }[]>`
    select connector_id as "connectorId", per_second as "perSecond" from connector_rates
    where seen_at > ${new Date(now.getTime() - silentMs)}`;
  const terms = await loadTerms(ctx);
  const speed = new Map(rates.map(({ connectorId, perSecond }) => [connectorId, perSecond]));
  const found = new Map<Depth, number | null>();
  for (const connectorId of new Set(depths.map((depth) => depth.connectorId))) {
    const here = depths.filter((depth) => depth.connectorId === connectorId && !depth.isStopped);
    const waiting = here.map(({ lane, tenantId, path, waiting, held, scheduled }) => ({
      lane,
      tenantId,
      path,
      count: waiting - held - scheduled,
    }));
    const seconds = drainSeconds(waiting, speed.get(connectorId) ?? 0, terms);
    for (const [n, depth] of here.entries()) found.set(depth, seconds[n] ?? null);
  }
  return found;
}

async function write(ctx: InTx, depths: readonly Depth[], drains: Map<Depth, number | null>, now: Date): Promise<void> {
  const ids = (read: (depth: Depth) => string) => uuidArray(depths.map(read));
  const counts = (read: (depth: Depth) => number) => intArray(depths.map(read));
  await ctx.tx.sql`
    insert into queue_depths
      (tenant_id, connector_id, lane, waiting, held, scheduled, oldest_at, drain_seconds, sampled_at)
    select d.*, ${now} from unnest(${ids((d) => d.tenantId)}::uuid[], ${ids((d) => d.connectorId)}::uuid[],
      ${smallintArray(depths.map((d) => d.lane))}::smallint[], ${counts((d) => d.waiting)}::int[], ${counts((d) => d.held)}::int[],
      ${counts((d) => d.scheduled)}::int[], ${momentArray(depths.map((d) => d.oldestAt))}::timestamptz[],
      ${doubleArray(depths.map((d) => drains.get(d) ?? null))}::real[]) as d`;
}
