/** One worker drives a connector at a time: the lease, by the database's clock, since workers may run on many machines. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type LeaseConnector = { connectorId: string; owner: string; ttlMs: number };

/** Takes a free lease, renews an own one, takes over one that ran out. @returns whether it is held */
export async function leaseConnector(ctx: Context, { connectorId, owner, ttlMs }: LeaseConnector): Promise<boolean> {
  allowWorker(ctx);
  return asSystem(ctx, async ({ tx }) => {
    const rows = await tx.sql`
      insert into connector_leases as l (connector_id, owner, expires_at)
      select id, ${owner}, now() + make_interval(secs => ${ttlMs / 1_000}::float8) from connectors where id = ${connectorId}
      on conflict (connector_id) do update set owner = excluded.owner, expires_at = excluded.expires_at
        where l.owner = excluded.owner or l.expires_at <= now()
      returning owner`;
    return rows.length === 1;
  });
}

/** Lets the next worker in at once. */
export async function releaseConnector(
  ctx: Context,
  { connectorId, owner }: Pick<LeaseConnector, "connectorId" | "owner">,
): Promise<void> {
  allowWorker(ctx);
  await asSystem(
    ctx,
    ({ tx }) => tx.sql`delete from connector_leases where connector_id = ${connectorId} and owner = ${owner}`,
  );
}
