/** What came in over HTTP, message by message as it was read, for those who ask why. Never a header: keys stand there. */
import type { IncomingMessage } from "node:http";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Context } from "#server/kernel/context.ts";
import type { OneMessage } from "#workers/gateway/bodies.ts";
import { wireTrace } from "#workers/wire-trace.ts";

type Caller = { ip: string; route: string; agent: string };
/** On the context itself, because a weak map that every request enters costs the collector more than all the rest here. */
type Noted = Context & { caller?: Caller };
const longestAgent = 120;

/** Called once a request, when it is known who sends it. */
export function noteCaller(ctx: Context, { headers, method }: IncomingMessage, route: string, ip: string): void {
  if (!wireTrace.isOn) return;
  const noted: Noted = ctx;
  noted.caller = { ip, route: `${method} ${route}`, agent: headers["user-agent"]?.slice(0, longestAgent) ?? "" };
}

/** Clients ask again and again: the same text for the same client, which the blocks remember as octets. */
const abouts = new Map<string, string>();
const mostAbouts = 1_000;

function aboutOf({ actor, caller }: Noted): string {
  if (!caller) return "{}";
  const { ip, route, agent } = caller;
  const name = `${ip} ${route} ${actor.name} ${agent}`;
  const known = abouts.get(name);
  if (known !== undefined) return known;
  if (abouts.size >= mostAbouts) abouts.clear();
  const about = JSON.stringify({ ip, route, key: actor.name, ...(agent ? { agent } : {}) });
  abouts.set(name, about);
  return about;
}

/** @param fromMs of the performance clock, when the request was read */
export function traceSent(
  ctx: Context,
  messages: readonly OneMessage[],
  outcomes: readonly SubmitOutcome[],
  fromMs: number,
): void {
  if (!wireTrace.isOn) return;
  const atMs = Date.now();
  const durationMs = performance.now() - fromMs;
  const about = aboutOf(ctx);
  for (let n = 0; n < outcomes.length; n += 1) {
    const outcome = outcomes[n];
    if (!outcome) continue;
    const request = Buffer.from(JSON.stringify(messages[n]));
    const response = Buffer.from(answerOf(outcome, ctx.requestId));
    wireTrace.add({ kind: "http", key: outcome.id, part: 0, atMs, durationMs, about, request, response });
  }
}

/** Put together by hand but for what may be anything: ids and states need no escaping. */
function answerOf({ id, status, parts, error }: SubmitOutcome, requestId: string): string {
  const rest = error ? `"error":${JSON.stringify(error)}` : `"parts":${parts}`;
  return `{"id":"${id}","status":"${status}",${rest},"requestId":"${requestId}"}`;
}
