/** Gives suites the two edges that programs use, on real sockets: the gateway, and tRPC behind it. */
import { once } from "node:events";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import type { Database } from "#db/client.ts";
import { apiKeys } from "#db/schema/identity.ts";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { hashToken, randomToken } from "#server/kernel/crypto.ts";
import { newId } from "#server/kernel/id.ts";
import type { Permission } from "#server/kernel/permissions.ts";
import { appRouter } from "#server/routers/root.ts";
import { buildGateway } from "#workers/gateway/server.ts";

/** @returns the address of both, for example http://127.0.0.1:40321 */
export async function openEdges(db: Database): Promise<{ address: string; close: () => Promise<void> }> {
  const base = { db, clock: systemClock };
  const trpc = createHTTPServer({
    router: appRouter,
    basePath: "/api/trpc/",
    createContext: async ({ req }) => ({
      caller: await authenticateKey(base, { key: (req.headers.authorization ?? "").slice(7), ip: "127.0.0.1" }),
    }),
  });
  trpc.listen(0, "127.0.0.1");
  await once(trpc, "listening");
  const web = trpc.address() as { port: number };
  const gateway = buildGateway({ base, web: { host: "127.0.0.1", port: web.port } });
  return {
    address: `http://127.0.0.1:${await gateway.listen(0, "127.0.0.1")}`,
    async close() {
      await gateway.close();
      trpc.closeAllConnections();
      trpc.close();
    },
  };
}

/** An API key of the tenant, in clear. */
export async function makeKey(
  db: Database,
  tenantId: string,
  scopes: readonly Permission[],
  allowedIps: string[] = [],
): Promise<string> {
  const key = randomToken();
  const row = {
    id: newId(),
    tenantId,
    name: "client",
    prefix: key.slice(0, 6),
    keyHash: hashToken(key),
    scopes: [...scopes],
  };
  await db.asSystem((tx) => tx.db.insert(apiKeys).values({ ...row, allowedIps }));
  return key;
}
