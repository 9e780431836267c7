/** The demo's connector to the built-in carrier, and the route that everybody uses. */
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { newId } from "#server/kernel/id.ts";

export type Carrier = { host: string; port: number; systemId: string; password: string };

export async function connectCarrier(db: Database, simulator: Carrier, rootId: string): Promise<void> {
  const ctx = ownerOf(db, rootId);
  const connectorId = newId();
  await createConnector(ctx, {
    id: connectorId,
    name: "Simulated carrier",
    host: simulator.host,
    port: simulator.port,
    systemId: simulator.systemId,
    password: simulator.password,
    bindCount: 2,
    windowSize: 100,
  });
  await createRoute(ctx, { id: newId(), connectorId });
}
