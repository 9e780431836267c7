/** The demo's operators, its connector to the built-in carrier, and the route that everybody uses. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "#db/client.ts";
import { ownerOf, platform } from "#scripts/demo/actors.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { loadOperators, type OperatorData } from "#server/domain/routing/load-operators.ts";
import { newId } from "#server/kernel/id.ts";

export function readOperators(): OperatorData {
  return JSON.parse(readFileSync(path.join(process.cwd(), "scripts/data/operators.json"), "utf8")) as OperatorData;
}

export type Carrier = { host: string; port: number; systemId: string; password: string };

export async function connectCarrier(db: Database, simulator: Carrier, rootId: string): Promise<void> {
  await loadOperators(platform(db, rootId), readOperators());
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
