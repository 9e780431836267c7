/** The API's HTTP side: authenticates before it reads a body, serves the endpoints, answers every error as a problem. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Histogram } from "prom-client";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError, refusedValue } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { clientOf, type TrustedProxies } from "#workers/gateway/client.ts";
import { DatabaseGuard, type Patience } from "#workers/gateway/database-guard.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import { readJsonStrictly } from "#workers/gateway/json-body.ts";
import { openApiDocument } from "#workers/gateway/openapi.ts";
import { type ProblemAnswer, problem, problemOf } from "#workers/gateway/problem.ts";

export type ApiOptions = {
  base: Pick<Context, "db" | "clock">;
  endpoints: readonly Endpoint[];
  trusted: TrustedProxies;
  /** How long the database may take before the caller is told to come back. */
  patience?: Partial<Patience>;
};

const duration = new Histogram({
  name: "gateway_request_seconds",
  help: "From the first byte to the answer, by route and status",
  labelNames: ["route", "status"],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
});

export function serveApi(app: FastifyInstance, { base, endpoints, trusted, patience }: ApiOptions): void {
  const guard = new DatabaseGuard(patience);
  const callers = new WeakMap<FastifyRequest, Context>();
  const document = openApiDocument(endpoints);

  readJsonStrictly(app);
  app.get("/api/v1/openapi.json", () => document);
  for (const endpoint of endpoints) {
    app.route({
      method: endpoint.method,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      bodyLimit: endpoint.bodyLimitBytes,
      // Before the body is read: who is unknown does not make us read megabytes.
      onRequest: async (request) => {
        callers.set(request, await guard.bounded("authenticateMs", () => authenticate(base, request, trusted)));
      },
      handler: async (request, reply) => {
        const ctx = callers.get(request);
        if (!ctx) throw new Error("A request reached its handler without a caller.");
        const call = {
          ctx,
          params: request.params as Record<string, string>,
          query: request.query,
          body: request.body,
          header: (name: string) => [request.headers[name.toLowerCase()]].flat()[0],
          setHeader: (name: string, value: string) => void reply.header(name, value),
        };
        const body = await guard.bounded("handleMs", () => endpoint.handle(call));
        return reply.code(endpoint.status).header("cache-control", "no-store").send(body);
      },
    });
  }

  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    duration.observe({ route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  app.setErrorHandler((error, request, reply) => {
    const requestId = callers.get(request)?.requestId ?? newId();
    const answer = problemOf(error, requestId);
    const about = { err: error, requestId, route: request.routeOptions.url };
    if (answer.status === 500) log.error(about, "request failed");
    else if (refusedValue(error)) log.warn(about, "the database refused a value");
    sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, unknownRoute(request, endpoints)));
}

async function authenticate(
  base: ApiOptions["base"],
  request: FastifyRequest,
  trusted: TrustedProxies,
): Promise<Context> {
  const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!key) {
    throw new DomainError("unauthenticated", "missing_key", "Send your API key: Authorization: Bearer <key>.");
  }
  return authenticateKey(base, { key, ip: clientOf(request.raw, trusted).ip });
}

function unknownRoute(request: FastifyRequest, endpoints: readonly Endpoint[]): ProblemAnswer {
  const path = request.url.split("?")[0] ?? "";
  const here = endpoints.filter((e) => new RegExp(`^${e.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
  if (here.length === 0) {
    return problem(404, "route_not_found", "There is no such address. See /api/v1/openapi.json.", newId());
  }
  const allowed = here.map((e) => e.method).join(", ");
  const answer = problem(405, "method_not_allowed", `This address takes ${allowed}.`, newId());
  return { ...answer, headers: { ...answer.headers, allow: allowed } };
}

export function sendProblem(reply: FastifyReply, { status, headers, body }: ProblemAnswer): void {
  // Bytes, because a string would get a charset, which problem documents do not have.
  reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(body)));
}
