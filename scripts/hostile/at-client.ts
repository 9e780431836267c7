/** smpp-client under attack: connectors of many binds to a carrier that sends what no carrier should. */
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { HostileCarrier } from "#scripts/hostile/hostile-carrier.ts";
import { until } from "#scripts/load/campaign.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { newId } from "#server/kernel/id.ts";

export type Attacked = { carrier: HostileCarrier; connectorIds: string[]; isAllBound(): Promise<boolean> };

const patienceMs = 300_000;

/** Resolves when all binds are up; the carrier is polite until it is told to attack. @param operatorId whose numbers go there */
export async function connectHostile(
  db: Database,
  { connectors, binds, operatorId }: { connectors: number; binds: number; operatorId: string },
): Promise<Attacked> {
  const carrier = new HostileCarrier();
  const port = await carrier.listen();
  const [root] = await db.sql<{ id: string }[]>`select id from tenants where parent_id is null`;
  const ctx = ownerOf(db, root?.id ?? "");
  const connectorIds = Array.from({ length: connectors }, () => newId());
  for (const [n, id] of connectorIds.entries()) {
    const login = { host: "127.0.0.1", port, systemId: `hostile${n}`, password: "hostile" };
    const timers = { responseTimeoutMs: 2_000, enquireLinkMs: 5_000, failoverAfterSeconds: 0 };
    await createConnector(ctx, { id, name: `Hostile ${n}`, ...login, ...timers, bindCount: binds, windowSize: 10 });
    await createRoute(ctx, { id: newId(), connectorId: id, operatorId, priority: 1 });
  }
  const isAllBound = async () => {
    const [row] = await db.sql<{ count: number }[]>`
      select count(*)::int as count from connector_binds
      where connector_id = any(${connectorIds}::uuid[]) and state = 'bound' and seen_at > now() - interval '15 seconds'`;
    return row?.count === connectors * binds;
  };
  await until("every bind is up", patienceMs, isAllBound);
  return { carrier, connectorIds, isAllBound };
}
