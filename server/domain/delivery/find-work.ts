/** Which of a worker's connectors have something to do: one question for all of them, however many there are. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { lookGrowth, maxLooks } from "#server/domain/delivery/parked-pace.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type OfConnectors = { connectorIds: readonly string[] };

/** Connectors with messages whose time has come. */
export async function findWaiting(ctx: Context, { connectorIds }: OfConnectors): Promise<string[]> {
  allowWorker(ctx);
  if (connectorIds.length === 0) return [];
  const now = ctx.clock.now();
  const rows = await asSystem(
    ctx,
    ({ tx }) => tx.sql<{ id: string }[]>`
      select c.id from unnest(${[...connectorIds]}::uuid[]) as c (id) cross join lateral (
        select from send_queue q
        where q.connector_id = c.id and q.lease_owner is null and not q.is_held and q.ready_at <= ${now}
        limit 1) q`,
  );
  return rows.map(({ id }) => id);
}

/** Connectors with parked receipts that are to be looked at again. */
export async function findParked(ctx: Context, { connectorIds }: OfConnectors): Promise<string[]> {
  allowWorker(ctx);
  if (connectorIds.length === 0) return [];
  const rows = await asSystem(
    ctx,
    ({ tx }) => tx.sql<{ id: string }[]>`
      select distinct connector_id as id from parked_receipts
      where resolved_at is null and connector_id = any(${[...connectorIds]}::uuid[]) and attempts < ${maxLooks}
        and received_at + make_interval(secs => power(${lookGrowth}::float8, attempts)) <= ${ctx.clock.now()}`,
  );
  return rows.map(({ id }) => id);
}

export type LeasedMessage = { messageId: string; connectorId: string };

/** Messages that this worker has had for longer than a claim and its answer take: in its hand, or of a broken claim. */
export async function findLongLeased(
  ctx: Context,
  { owner, olderThanMs }: { owner: string; olderThanMs: number },
): Promise<LeasedMessage[]> {
  allowWorker(ctx);
  const before = new Date(ctx.clock.now().getTime() - olderThanMs);
  const rows = await asSystem(
    ctx,
    ({ tx }) => tx.sql<LeasedMessage[]>`
      select message_id as "messageId", connector_id as "connectorId" from send_queue
      where lease_owner = ${owner} and leased_at <= ${before}`,
  );
  return [...rows];
}
