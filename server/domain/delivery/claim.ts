/** Takes messages out of the queue for one connector: one-time codes first, then tenant by tenant in turn. */
import { plainArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type Claim = {
  connectorId: string;
  /** The worker that holds the connector's lease; without the lease nothing is given out. */
  owner: string;
  /** At most as many as the windows have room for. */
  limit: number;
};

/**
 * What it returns is leased to the owner, and counts as on the wire from now on; it must come back through
 * recordResponses. Messages past their validity are left to expireQueued, messages that ended meanwhile drop out.
 */
export async function claim(ctx: Context, input: Claim): Promise<ClaimedMessage[]> {
  allowWorker(ctx);
  if (input.limit <= 0) return [];
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const ids = await lease(ctx, input, now);
      if (ids.length === 0) return [];
      const messages = await load(ctx, ids, now);
      if (messages.length < ids.length) await dropEnded(ctx, ids, messages);
      return messages;
    }),
  );
}

async function dropEnded(ctx: InTx, leased: string[], open: ClaimedMessage[]): Promise<void> {
  const kept = new Set(open.map((message) => message.id));
  const ended = leased.filter((id) => !kept.has(id));
  await ctx.tx.sql`delete from send_queue where message_id = any(${plainArray(ended)}::uuid[])`;
}

/**
 * Walks the distinct (lane, tenant) pairs of the queue's index, leaves out tenants below a suspended one, and takes
 * from each in turn; what one does not use goes to the others. Ties are broken by chance, so that with more tenants
 * than room none waits for ever.
 */
async function lease(ctx: InTx, { connectorId, owner, limit }: Claim, now: Date): Promise<string[]> {
  const rows = await ctx.tx.sql<{ id: string }[]>`
    with recursive waiting (lane, tenant_id) as (
      (select q.lane, q.tenant_id from send_queue q
        where q.connector_id = ${connectorId} and q.lease_owner is null and not q.is_held
        order by q.lane, q.tenant_id limit 1)
      union all
      select n.lane, n.tenant_id from waiting w cross join lateral (
        select q.lane, q.tenant_id from send_queue q
        where q.connector_id = ${connectorId} and q.lease_owner is null and not q.is_held
          and (q.lane, q.tenant_id) > (w.lane, w.tenant_id)
        order by q.lane, q.tenant_id limit 1) n
    ), active as (
      select w.lane, w.tenant_id from waiting w join tenants t on t.id = w.tenant_id
      where not exists (select from tenants a where a.id = any(t.ancestors) and a.status <> 'active')
    ), picked as materialized (
      select a.lane, a.tenant_id, p.message_id from active a cross join lateral (
        select f.message_id, row_number() over (order by f.message_id) as turn from (
          select q.message_id from send_queue q
          where q.connector_id = ${connectorId} and q.lane = a.lane and q.tenant_id = a.tenant_id
            and q.lease_owner is null and not q.is_held and q.ready_at <= ${now} and q.valid_until > ${now}
          order by q.message_id
          limit (select greatest(1, ceil(${limit}::int * 2.0 / count(*)))::int from active)) f) p
      order by a.lane, p.turn, random() limit ${limit}
    ), locked as materialized (
      -- Row by row and by the whole key: a plan made while the queue was empty would read all of it for every row.
      select l.message_id from picked p cross join lateral (
        select q.message_id from send_queue q
        where q.connector_id = ${connectorId} and q.lane = p.lane and q.tenant_id = p.tenant_id
          and q.message_id = p.message_id and q.lease_owner is null and not q.is_held
        for update skip locked) l
    )
    update send_queue q set lease_owner = ${owner}, leased_at = ${now} from locked l
    where q.message_id = l.message_id and exists (select from connector_leases c
      where c.connector_id = ${connectorId} and c.owner = ${owner} and c.expires_at > now())
    returning q.message_id as id`;
  return rows.map((row) => row.id);
}

async function load(ctx: InTx, messageIds: string[], leasedAt: Date): Promise<ClaimedMessage[]> {
  const ids = messageIds.sort();
  const rows = await ctx.tx.sql<Omit<ClaimedMessage, "partsDone" | "leasedAt">[]>`
    select m.id, m.tenant_id as "tenantId", m.sender, m.msisdn, m.text, m.encoding, m.parts,
      m.valid_until as "validUntil"
    from messages m
    where m.id = any(${plainArray(ids)}::uuid[]) and m.status in ('queued', 'sending', 'unknown') and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    order by case m.traffic_class when 'otp' then 0 when 'transactional' then 1 else 2 end, m.id`;
  const long = rows.filter((row) => row.parts > 1).map((row) => row.id);
  const refs = long.length
    ? await ctx.tx.sql<{ messageId: string; partNumber: number }[]>`
        select message_id as "messageId", part_number as "partNumber" from carrier_refs
        where message_id = any(${long}::uuid[])`
    : [];
  const done = new Map<string, number[]>();
  for (const ref of refs) done.set(ref.messageId, [...(done.get(ref.messageId) ?? []), ref.partNumber]);
  return rows.map((row) => ({ ...row, partsDone: done.get(row.id) ?? [], leasedAt }));
}
