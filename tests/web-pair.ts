/** A web process in miniature behind a gateway, for one test: what it is asked, and what clients hear of it. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { connect } from "#db/client.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { buildGateway, type Gateway, type GatewayOptions } from "#workers/gateway/server.ts";

type Pair = { port: number; web: Server; gateway: Gateway };

export async function webPair(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  options: Pick<GatewayOptions, "trusted" | "bodies" | "upgrades"> = {},
): Promise<Pair> {
  const web = createServer(handler).listen(0, "127.0.0.1");
  await once(web, "listening");
  onTestFinished(() => void web.close().closeAllConnections());
  const db = connect({ url: "postgres://x:y@127.0.0.1:9/none", poolSize: 1, name: "none" });
  const target = { host: "127.0.0.1", port: (web.address() as AddressInfo).port };
  const gateway = buildGateway({ base: { db, clock: systemClock }, web: target, ...options });
  const port = await gateway.listen(0, "127.0.0.1");
  onTestFinished(() => gateway.close());
  onTestFinished(() => db.close());
  return { port, web, gateway };
}
