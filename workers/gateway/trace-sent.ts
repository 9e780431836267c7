/** What came in over HTTP, message by message as it was read, for those who ask why. Never a header: keys stand there. */
import type { IncomingMessage } from "node:http";
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Context } from "#server/kernel/context.ts";
import { wireTrace } from "#workers/wire-trace.ts";

type Caller = { ip: string; route: string; agent: string | undefined };
const callers = new WeakMap<Context, Caller>();
const longestAgent = 120;

/** Called once a request, when it is known who sends it. */
export function noteCaller(ctx: Context, { headers, method }: IncomingMessage, route: string, ip: string): void {
  if (wireTrace.isOn) callers.set(ctx, { ip, route: `${method} ${route}`, agent: headers["user-agent"] });
}

function about({ requestId, actor }: Context, caller: Caller | undefined): string {
  if (!caller) return "{}";
  const { ip, route, agent } = caller;
  const key = actor.name;
  return JSON.stringify({ ip, route, key, requestId, ...(agent ? { agent: agent.slice(0, longestAgent) } : {}) });
}

/** @param fromMs of the performance clock, when the request was read */
export function traceSent(
  ctx: Context,
  items: readonly SubmitItem[],
  outcomes: readonly SubmitOutcome[],
  fromMs: number,
): void {
  if (!wireTrace.isOn) return;
  const atMs = Date.now();
  const durationMs = performance.now() - fromMs;
  const caller = about(ctx, callers.get(ctx));
  for (const [index, { id: _, ...item }] of items.entries()) {
    const outcome = outcomes[index];
    if (!outcome) continue;
    const { id, status, parts, error } = outcome;
    const request = Buffer.from(JSON.stringify(item));
    const response = Buffer.from(JSON.stringify(error ? { id, status, error } : { id, status, parts }));
    wireTrace.add({ kind: "http", key: id, part: 0, atMs, durationMs, about: caller, request, response });
  }
}
