/** What came in over HTTP, message by message as it was read, for those who ask why. Never a header: keys stand there. */
import type { FastifyRequest } from "fastify";
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Context } from "#server/kernel/context.ts";
import { wireTrace } from "#workers/wire-trace.ts";

const callers = new WeakMap<Context, string>();
const longestAgent = 120;

/** Called once a request, when it is known who sends it. */
export function noteCaller(ctx: Context, { headers, method, routeOptions }: FastifyRequest, ip: string): void {
  if (!wireTrace.isOn) return;
  const agent = headers["user-agent"]?.slice(0, longestAgent);
  const { requestId, actor } = ctx;
  const route = `${method} ${routeOptions.url ?? ""}`;
  callers.set(ctx, JSON.stringify({ ip, route, key: actor.name, requestId, ...(agent ? { agent } : {}) }));
}

/** @param fromMs of the performance clock, when the request was read */
export function traceSent(
  ctx: Context,
  items: readonly SubmitItem[],
  outcomes: readonly SubmitOutcome[],
  fromMs: number,
): void {
  if (!wireTrace.isOn) return;
  const about = callers.get(ctx) ?? "{}";
  const atMs = Date.now();
  const durationMs = performance.now() - fromMs;
  for (const [index, { id: _, ...item }] of items.entries()) {
    const outcome = outcomes[index];
    if (!outcome) continue;
    const { id, status, parts, error } = outcome;
    const request = Buffer.from(JSON.stringify(item));
    const response = Buffer.from(JSON.stringify(error ? { id, status, error } : { id, status, parts }));
    wireTrace.add({ kind: "http", key: id, part: 0, atMs, durationMs, about, request, response });
  }
}
