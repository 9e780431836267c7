/** The one public address: the API is answered here, everything else is passed to the web process. */
import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { submitGroup } from "#server/domain/messages/submit.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { type Accumulator, accumulator } from "#workers/accumulator.ts";
import { sendProblem, serveApi } from "#workers/gateway/api.ts";
import { Arrivals } from "#workers/gateway/arrivals.ts";
import type { TrustedProxies } from "#workers/gateway/client.ts";
import { answerClientError, refuseTunnel } from "#workers/gateway/client-error.ts";
import { DatabaseGuard, type Patience } from "#workers/gateway/database-guard.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import type { BodyLimits } from "#workers/gateway/open-bodies.ts";
import { servePartners } from "#workers/gateway/partner-receipts.ts";
import { problemOf } from "#workers/gateway/problem.ts";
import { webProxy } from "#workers/gateway/proxy.ts";
import { messageEndpoints } from "#workers/gateway/read-messages.ts";
import { orderEndpoints } from "#workers/gateway/read-orders.ts";
import { queueEndpoints } from "#workers/gateway/read-queue.ts";
import { webhookEndpoints } from "#workers/gateway/read-webhooks.ts";
import { whyEndpoints } from "#workers/gateway/read-why.ts";
import { refuseExpectation, refuseRequest } from "#workers/gateway/refuse-request.ts";
import { sendMessages } from "#workers/gateway/send-messages.ts";
import { sendPlain } from "#workers/gateway/send-plain.ts";
import { sendXml } from "#workers/gateway/send-xml.ts";
import { sendThrough } from "#workers/gateway/sending.ts";
import { takeServicePath } from "#workers/gateway/service-address.ts";
import { contractThrottle, type LetIn } from "#workers/gateway/throttle.ts";
import { Throttle } from "#workers/throttle.ts";

export type GatewayOptions = {
  base: Pick<Context, "db" | "clock">;
  web: { host: string; port: number };
  trusted?: TrustedProxies;
  patience?: Partial<Patience>;
  /** Of what is passed to the web process. */
  bodies?: Partial<BodyLimits>;
  /** Whether WebSockets go through: the development server reloads pages by one, nothing else has any. */
  upgrades?: boolean;
  /** How long a request of the API may take to arrive. */
  arrivalMs?: number;
  /** From the order to close until it takes no more connections; /health says at once that it is not ready. */
  drainMs?: number;
};

export type Gateway = {
  /** Port 0 takes any free one. @returns the port */
  listen(port: number, host: string): Promise<number>;
  /** Answers what is in hand, at most a few seconds, then closes. */
  close(): Promise<void>;
};

/** Every route of the API; the isolation matrix and the document are made from it. */
export function endpointsOf(groups: Accumulator, letIn: LetIn): Endpoint[] {
  const send = sendThrough(groups, letIn);
  return [
    sendMessages(send),
    ...messageEndpoints,
    ...whyEndpoints,
    ...orderEndpoints,
    ...queueEndpoints,
    ...webhookEndpoints,
    ...sendPlain(send),
    sendXml(send),
  ];
}

/** Connections that stay open (live pages) are cut after this, so that a restart is quick. */
const closePatienceMs = 5_000;
const sweepEveryMs = 100;
const defaultBodyLimitBytes = 64 * 1024;

export function buildGateway({
  base,
  web,
  trusted = [],
  patience,
  bodies,
  upgrades,
  arrivalMs,
  drainMs = 0,
}: GatewayOptions): Gateway {
  const groups = accumulator({ submit: (requests) => submitGroup(base, requests) });
  const throttle = new Throttle(base, "gateway");
  const proxy = webProxy(web, trusted, bodies);
  // Of its own, with no memory: a health check always asks.
  const guard = new DatabaseGuard({ awayMs: 0 });
  const arrivals = new Arrivals(arrivalMs);
  let isClosing = false;
  const app: FastifyInstance = fastify({
    bodyLimit: defaultBodyLimitBytes,
    forceCloseConnections: "idle",
    // What still comes over open connections is answered, as long as there is time.
    return503OnClosing: false,
    frameworkErrors: (error, _, reply) => sendProblem(reply, problemOf(error, newId())),
    clientErrorHandler: answerClientError,
    // Decided before the framework sees it: what is proxied is streamed, whatever its type and size.
    serverFactory: (handler) =>
      // What is wrong with the Host header is told as everything else is.
      createServer({ requireHostHeader: false }, (request, response) => {
        if (isClosing) response.shouldKeepAlive = false;
        if (refuseRequest(request, response)) return;
        takeServicePath(request);
        const isTaken = take(request, response);
        if (!isTaken && !isOurs(request)) return proxy.forward(request, response);
        arrivals.begin(request, response);
        if (!isTaken) handler(request, response);
      })
        .on("checkExpectation", refuseExpectation)
        .on("connect", refuseTunnel),
  });
  if (upgrades) app.server.on("upgrade", (request, socket, head) => proxy.upgrade(request, socket as Socket, head));
  const endpoints = endpointsOf(groups, contractThrottle(throttle));
  const take = serveApi(app, { base, endpoints, trusted, patience });
  servePartners(app, { base, trusted, guard: new DatabaseGuard(patience) });
  app.get("/health", async (_, reply) => {
    // A balancer sends nothing more here; what comes meanwhile is still answered.
    if (isClosing) return reply.code(503).send({ name: "gateway", live: true, ready: false });
    const ready = await guard
      .bounded("authenticateMs", async () => void (await base.db.sql`select 1`))
      .then(
        () => true,
        () => false,
      );
    return reply.code(ready ? 200 : 503).send({ name: "gateway", live: true, ready });
  });

  return {
    async listen(port, host) {
      void throttle.start();
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === "object" && address ? address.port : port;
    },
    async close() {
      isClosing = true;
      await new Promise((resolve) => setTimeout(resolve, drainMs));
      // Those that were busy at first are idle soon: nobody waits for their keep-alive to run out.
      const sweep = setInterval(() => app.server.closeIdleConnections(), sweepEveryMs);
      const cut = setTimeout(() => app.server.closeAllConnections(), closePatienceMs);
      arrivals.close();
      proxy.endUpgrades();
      await app.close();
      clearInterval(sweep);
      clearTimeout(cut);
      await groups.drain();
      await throttle.stop();
      proxy.close();
    },
  };
}

/** What the API answers, also below what is no tenant's address; the rest of /api belongs to the web process. */
const ours = /^\/(?:health|(?:t\/[^/?]*\/)?api\/(?:v1|send|xml)(?:\/[^?]*)?)(?:\?|$)/;

const isOurs = ({ url = "" }: IncomingMessage): boolean => ours.test(url);
