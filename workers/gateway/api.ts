/** The API's HTTP side: authenticates before it reads a body, serves the endpoints, answers every error as a problem. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Histogram } from "prom-client";
import type { Context } from "#server/kernel/context.ts";
import { refusedValue } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { authenticator, bearerKey } from "#workers/gateway/caller.ts";
import type { TrustedProxies } from "#workers/gateway/client.ts";
import { DatabaseGuard, type Patience } from "#workers/gateway/database-guard.ts";
import type { Dialect } from "#workers/gateway/dialect.ts";
import { callOf, type Endpoint } from "#workers/gateway/endpoint.ts";
import { openApiDocument } from "#workers/gateway/openapi.ts";
import { type ProblemAnswer, problem, problemOf } from "#workers/gateway/problem.ts";
import { queryOf } from "#workers/gateway/read-query.ts";
import { refuseEncoded, sendProblemIn, serveDialect } from "#workers/gateway/serve-dialect.ts";
import { type Serve, serveDirectly } from "#workers/gateway/serve-directly.ts";

export type ApiOptions = {
  base: Pick<Context, "db" | "clock">;
  endpoints: readonly Endpoint[];
  trusted: TrustedProxies;
  /** How long the database may take before the caller is told to come back. */
  patience?: Partial<Patience>;
};

export type Take = (request: IncomingMessage, response: ServerResponse) => boolean;

const duration = new Histogram({
  name: "gateway_request_seconds",
  help: "From the first byte to the answer, by route and status",
  labelNames: ["route", "status"],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
});

/** @returns what takes a request that is served without the framework, and says whether it was one */
export function serveApi(app: FastifyInstance, { base, endpoints, trusted, patience }: ApiOptions): Take {
  const guard = new DatabaseGuard(patience);
  const callers = new WeakMap<FastifyRequest, Context>();
  const authenticate = authenticator(base, trusted);
  const answerError = (error: unknown, request: FastifyRequest) =>
    logged(error, request.routeOptions.url, callers.get(request));
  const observe = (route: string, status: number, seconds: number) => duration.observe({ route, status }, seconds);
  const direct = new Map<string, Serve>();
  const document = openApiDocument(endpoints);

  // Whoever reads bodies has a parser of its own.
  app.removeAllContentTypeParsers();
  app.get("/api/v1/openapi.json", () => document);
  for (const endpoint of endpoints) {
    if (endpoint.dialect) {
      serveDialect(app, endpoint, endpoint.dialect, { guard, authenticate, callers, answerError });
      continue;
    }
    if (endpoint.body) {
      const serve = serveDirectly(endpoint, { guard, authenticate, answerError: logged, observe });
      direct.set(`${endpoint.method} ${endpoint.path}`, serve);
      continue;
    }
    app.route({
      method: endpoint.method,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      onRequest: async (request) => {
        refuseEncoded(request);
        const admit = () => authenticate(request.raw, endpoint.path, bearerKey(request));
        callers.set(request, await guard.bounded("authenticateMs", admit));
      },
      handler: async (request, reply) => {
        const call = callOf(request, reply, callers.get(request), queryOf(request.raw.url ?? ""));
        const body = await guard.bounded("handleMs", () => endpoint.handle(call));
        return reply.code(endpoint.status).header("cache-control", "no-store").send(body);
      },
    });
  }

  app.addHook("onResponse", async (request, reply) => {
    observe(request.routeOptions.url ?? "unknown", reply.statusCode, reply.elapsedTime / 1_000);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(reply, answerError(error, request)));
  app.setNotFoundHandler((request, reply) => {
    const { dialect, answer } = unknownRoute(request, endpoints);
    if (dialect) sendProblemIn(dialect, reply, answer);
    else sendProblem(reply, answer);
  });

  return (request, response) => {
    const serve = direct.get(`${request.method} ${pathOf(request.url ?? "")}`);
    serve?.(request, response);
    return serve !== undefined;
  };
}

/** As it is meant (RFC 3986 section 6.2.2.2); what cannot be read is left to who says so. */
function pathOf(target: string): string {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function logged(error: unknown, route: string | undefined, caller: Context | undefined): ProblemAnswer {
  const requestId = caller?.requestId ?? newId();
  const answer = problemOf(error, requestId);
  // The route's pattern and never the address itself, whose query may hold a key.
  const about = { err: error, requestId, route };
  if (answer.status === 500) log.error(about, "request failed");
  else if (refusedValue(error)) log.warn(about, "the database refused a value");
  return answer;
}

function unknownRoute(
  request: FastifyRequest,
  endpoints: readonly Endpoint[],
): { answer: ProblemAnswer; dialect?: Dialect } {
  const path = request.url.split("?")[0] ?? "";
  const here = endpoints.filter((e) => new RegExp(`^${e.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
  const [first] = here;
  if (!first) {
    return { answer: problem(404, "route_not_found", "There is no such address. See /api/v1/openapi.json.", newId()) };
  }
  const allowed = here.map((e) => e.method).join(", ");
  const answer = problem(405, "method_not_allowed", `This address takes ${allowed}.`, newId());
  return { answer: { ...answer, headers: { ...answer.headers, allow: allowed } }, dialect: first.dialect };
}

export function sendProblem(reply: FastifyReply, { status, headers, body }: ProblemAnswer): void {
  // Bytes, because a string would get a charset, which problem documents do not have.
  reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(body)));
}
