/** Spreads connectors over the workers that live: each holds its share, and what a dead one held is free in seconds. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type HoldConnectors = {
  /** This worker. */
  owner: string;
  /** All that may be driven. */
  connectorIds: readonly string[];
  /** By the database's clock, since workers may run on many machines. */
  ttlMs: number;
  /** It is about to end: it keeps what it holds until it lets go, and counts no more when shares are reckoned. */
  isLeaving?: boolean;
};
export type Held = {
  /** In order of their ids. */
  connectorIds: string[];
  /** How many of them are one worker's part; what is held beyond it is another's to have. */
  share: number;
};

/**
 * Says that this worker lives, renews what it holds, and takes what is free up to its share. It never gives up what it
 * holds: that is the worker's to do, when nothing of it is on the wire.
 */
export async function holdConnectors(
  ctx: Context,
  { owner, connectorIds, ttlMs, isLeaving = false }: HoldConnectors,
): Promise<Held> {
  allowWorker(ctx);
  const ttl = ttlMs / 1_000;
  return retryOnCollision(() =>
    asSystem(ctx, async ({ tx: { sql } }) => {
      await sql`
        delete from connector_workers
        where expires_at < now() - interval '1 minute' or (owner = ${owner} and ${isLeaving})`;
      if (!isLeaving) {
        await sql`
          insert into connector_workers (owner, expires_at)
          values (${owner}, now() + make_interval(secs => ${ttl}::float8))
          on conflict (owner) do update set expires_at = excluded.expires_at`;
      }
      const [{ workers } = { workers: 1 }] = await sql<{ workers: number }[]>`
        select count(*)::int as workers from connector_workers where expires_at > now()`;
      const share = Math.ceil(connectorIds.length / Math.max(1, workers));
      const own = await sql<{ id: string }[]>`
        update connector_leases set expires_at = now() + make_interval(secs => ${ttl}::float8)
        where owner = ${owner} and connector_id = any(${[...connectorIds]}::uuid[]) returning connector_id as id`;
      const room = isLeaving ? 0 : share - own.length;
      const taken =
        room > 0
          ? await sql<{ id: string }[]>`
              insert into connector_leases as l (connector_id, owner, expires_at)
              select c.id, ${owner}, now() + make_interval(secs => ${ttl}::float8) from connectors c
              where c.id = any(${[...connectorIds]}::uuid[]) and not exists (
                select from connector_leases x where x.connector_id = c.id and x.expires_at > now())
              order by c.id limit ${room}
              on conflict (connector_id) do update set owner = excluded.owner, expires_at = excluded.expires_at
                where l.expires_at <= now()
              returning connector_id as id`
          : [];
      return { connectorIds: [...own, ...taken].map(({ id }) => id).sort(), share };
    }),
  );
}

/** Lets the next worker in at once. */
export async function releaseConnector(ctx: Context, input: { connectorId: string; owner: string }): Promise<void> {
  allowWorker(ctx);
  const { connectorId, owner } = input;
  await asSystem(
    ctx,
    ({ tx }) => tx.sql`delete from connector_leases where connector_id = ${connectorId} and owner = ${owner}`,
  );
}
