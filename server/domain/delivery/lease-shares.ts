/** The queue as a claim sees it: what waits by lane and tenant, and the lease of so many of each. Cheap however long it is. */
import { intArray, smallintArray, uuidArray } from "#db/arrays.ts";
import type { LaneShare } from "#server/domain/throughput/round.ts";
import type { InTx } from "#server/kernel/context.ts";

export type Leasing = { connectorId: string; owner: string; limit: number };
/** @property ids of what was leased, comma between */
export type LeasedShare = { lane: number; tenantId: string; count: number; ids: string };

/** Nobody is looked at for fewer than these, so that a small claim needs no second look. */
const leastCounted = 8;

/**
 * Walks the distinct (lane, tenant) pairs of the queue's index and counts each as far as this claim could need: twice a
 * fair part of it. Who has more counts as endless. Tenants below a suspended one are left out.
 */
export async function waitingShares(ctx: InTx, { connectorId, limit }: Leasing, now: Date): Promise<LaneShare[]> {
  const rows = await ctx.tx.sql<(LaneShare & { counted: number })[]>`
    with recursive pairs (lane, tenant_id) as (
      (select q.lane, q.tenant_id from send_queue q
        where q.connector_id = ${connectorId} and q.lease_owner is null and not q.is_held
        order by q.lane, q.tenant_id limit 1)
      union all
      select n.lane, n.tenant_id from pairs p cross join lateral (
        select q.lane, q.tenant_id from send_queue q
        where q.connector_id = ${connectorId} and q.lease_owner is null and not q.is_held
          and (q.lane, q.tenant_id) > (p.lane, p.tenant_id)
        order by q.lane, q.tenant_id limit 1) n
    ), counted as (
      select greatest(${leastCounted}, ceil(${limit}::int * 2.0 / greatest(1, count(*))))::int as most from pairs
    )
    select p.lane::int, p.tenant_id as "tenantId", t.ancestors as path, w.n as count, c.most as counted
    from pairs p join tenants t on t.id = p.tenant_id cross join counted c cross join lateral (
      select count(*)::int as n from (
        select from send_queue q
        where q.connector_id = ${connectorId} and q.lane = p.lane and q.tenant_id = p.tenant_id
          and q.lease_owner is null and not q.is_held and q.ready_at <= ${now} and q.valid_until > ${now}
        order by q.ready_at, q.message_id limit c.most) f) w
    where w.n > 0
      and not exists (select from tenants a where a.id = any (t.ancestors) and a.status <> 'active')
    order by p.lane, p.tenant_id`;
  return rows.map(({ counted, count, ...row }) => ({
    ...row,
    count: count < Math.min(counted, limit) ? count : Number.POSITIVE_INFINITY,
  }));
}

/** A row a share, not a row a message: they are of a few. Oldest first of each; what another transaction has locked stays. Without the connector's lease, nothing. */
export function leaseShares(ctx: InTx, leasing: Leasing, shares: readonly LaneShare[], now: Date) {
  const { connectorId, owner } = leasing;
  return ctx.tx.sql<LeasedShare[]>`
    with picked as materialized (
      select p.ctid from unnest(${smallintArray(shares.map((share) => share.lane))}::smallint[],
        ${uuidArray(shares.map((share) => share.tenantId))}::uuid[],
        ${intArray(shares.map((share) => share.count))}::int[]) as s (lane, tenant_id, n)
      cross join lateral (
        select q.ctid from send_queue q
        where q.connector_id = ${connectorId} and q.lane = s.lane and q.tenant_id = s.tenant_id
          and q.lease_owner is null and not q.is_held and q.ready_at <= ${now} and q.valid_until > ${now}
        order by q.ready_at, q.message_id limit s.n for update skip locked) p
    ), leased as (
      update send_queue q set lease_owner = ${owner}, leased_at = ${now}
      where q.ctid = any (array(select ctid from picked)) and exists (select from connector_leases c
        where c.connector_id = ${connectorId} and c.owner = ${owner} and c.expires_at > now())
      returning q.message_id, q.lane, q.tenant_id
    )
    select lane::int, tenant_id as "tenantId", count(*)::int as count, string_agg(message_id::text, ',') as ids
    from leased group by lane, tenant_id`;
}

/**
 * For this transaction: a plan made while the queue was empty would read all of it, once a million messages wait. Sent
 * ahead of the next statement, without waiting.
 */
export const readByIndex = (ctx: InTx) =>
  ctx.tx.sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`;
