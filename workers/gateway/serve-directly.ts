/**
 * Serves an endpoint that takes JSON straight from node's server: these are the busy ones, and what a framework does
 * beside costs more than the request itself.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "#server/kernel/context.ts";
import { type Authenticate, bearerKey } from "#workers/gateway/caller.ts";
import type { DatabaseGuard } from "#workers/gateway/database-guard.ts";
import type { Call, Endpoint } from "#workers/gateway/endpoint.ts";
import { readJson } from "#workers/gateway/json-body.ts";
import type { ProblemAnswer } from "#workers/gateway/problem.ts";
import { queryOf } from "#workers/gateway/read-query.ts";
import { refuseEncoded } from "#workers/gateway/serve-dialect.ts";

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export type DirectOptions = {
  guard: DatabaseGuard;
  authenticate: Authenticate;
  answerError(error: unknown, route: string, caller: Context | undefined): ProblemAnswer;
  /** Of a request that was answered. */
  observe(route: string, status: number, seconds: number): void;
};

const defaultLimitBytes = 64 * 1024;

export function serveDirectly(endpoint: Endpoint, options: DirectOptions): Serve {
  const { guard, authenticate, answerError, observe } = options;
  const { path: route, bodyLimitBytes = defaultLimitBytes, status } = endpoint;

  return async (request, response) => {
    const fromMs = performance.now();
    const headers: string[] = [];
    let caller: Context | undefined;
    try {
      refuseEncoded(request);
      // Before the body is read: who is unknown does not make us read megabytes.
      const admitted = guard.bounded("authenticateMs", () => authenticate(request, route, bearerKey(request)));
      const ctx = admitted instanceof Promise ? await admitted : admitted;
      caller = ctx;
      const call = callOf(request, ctx, await readJson(request, bodyLimitBytes), headers);
      const body = await guard.bounded("handleMs", () => endpoint.handle(call));
      headers.push("content-type", "application/json; charset=utf-8", "cache-control", "no-store");
      answer(request, response, status, headers, JSON.stringify(body));
    } catch (error) {
      const told = answerError(error, route, caller);
      for (const [name, value] of Object.entries(told.headers)) headers.push(name, value);
      answer(request, response, told.status, headers, JSON.stringify(told.body));
    }
    observe(route, response.statusCode, (performance.now() - fromMs) / 1_000);
  };
}

function callOf(request: IncomingMessage, ctx: Context, body: unknown, headers: string[]): Call {
  return {
    ctx,
    params: {},
    query: queryOf(request.url ?? ""),
    body,
    header: (name) => [request.headers[name.toLowerCase()]].flat()[0],
    setHeader: (name, value) => void headers.push(name, value),
  };
}

/** In one piece with its headers. Nothing is left to be understood after a body that was not read to its end. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: string[],
  text: string,
): void {
  if (!request.complete) response.shouldKeepAlive = false;
  headers.push("content-length", `${Buffer.byteLength(text)}`);
  response.writeHead(status, headers).end(text);
}
