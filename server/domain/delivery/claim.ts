/** Takes messages out of the queue for one connector: one-time codes first, then tenant by tenant in turn. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type Claim = {
  connectorId: string;
  /** The worker that holds the connector's lease; without the lease nothing is given out. */
  owner: string;
  /** At most as many as the windows have room for. */
  limit: number;
};

type QueueRow = { messageId: string; attempts: number; validUntil: Date };

/**
 * What it returns is leased to the owner and `sending`; it must come back through recordResponses. Messages past their
 * validity are expired on the way, messages that ended meanwhile drop out.
 */
export async function claim(ctx: Context, input: Claim): Promise<ClaimedMessage[]> {
  allowWorker(ctx);
  if (input.limit <= 0) return [];
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const rows = await lease(ctx, input, now);
      if (rows.length === 0) return [];
      const results = await applyTransitions(
        ctx,
        rows.map(({ messageId, attempts, validUntil }) =>
          validUntil <= now
            ? {
                messageId,
                status: "expired",
                errorCode: "validity_over",
                event: { kind: "final", detail: { why: "validity_over" } },
              }
            : {
                messageId,
                status: "sending",
                event: { kind: "submitted", detail: { connectorId: input.connectorId, attempt: attempts + 1 } },
              },
        ),
      );
      const isValid = (index: number) => (rows[index]?.validUntil ?? now) > now;
      const ready = results.filter((r, index) => r.changed && isValid(index)).map((r) => r.messageId);
      const over = results.filter((r, index) => !(r.changed && isValid(index))).map((r) => r.messageId);
      if (over.length > 0) await ctx.tx.sql`delete from send_queue where message_id = any(${over}::uuid[])`;
      return load(ctx, ready, now);
    }),
  );
}

/**
 * Walks the distinct (lane, tenant) pairs of the queue's index, leaves out tenants below a suspended one, and takes
 * from each in turn; what one does not use goes to the others. Ties are broken by chance, so that with more tenants
 * than room none waits for ever.
 */
async function lease(ctx: InTx, { connectorId, owner, limit }: Claim, now: Date): Promise<QueueRow[]> {
  return ctx.tx.sql<QueueRow[]>`
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
      select p.message_id from active a cross join lateral (
        select f.message_id, row_number() over (order by f.message_id) as turn from (
          select q.message_id from send_queue q
          where q.connector_id = ${connectorId} and q.lane = a.lane and q.tenant_id = a.tenant_id
            and q.lease_owner is null and not q.is_held and q.ready_at <= ${now}
          order by q.message_id
          limit (select greatest(1, ceil(${limit}::int * 2.0 / count(*)))::int from active)) f) p
      order by a.lane, p.turn, random() limit ${limit}
    ), locked as materialized (
      select q.message_id from send_queue q join picked using (message_id)
      where q.lease_owner is null and not q.is_held for update of q skip locked
    )
    update send_queue q set lease_owner = ${owner}, leased_at = ${now} from locked l
    where q.message_id = l.message_id and exists (select from connector_leases c
      where c.connector_id = ${connectorId} and c.owner = ${owner} and c.expires_at > now())
    returning q.message_id as "messageId", q.attempts, q.valid_until as "validUntil"`;
}

async function load(ctx: InTx, messageIds: string[], leasedAt: Date): Promise<ClaimedMessage[]> {
  if (messageIds.length === 0) return [];
  const ids = messageIds.sort();
  const rows = await ctx.tx.sql<Omit<ClaimedMessage, "partsDone" | "leasedAt">[]>`
    select m.id, m.tenant_id as "tenantId", m.sender, m.msisdn, m.text, m.encoding, m.parts,
      m.valid_until as "validUntil"
    from messages m
    where m.id = any(${ids}::uuid[]) and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
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
