/** What no request may be, whatever it asks for (RFC 9110, RFC 9112): refused before anybody looks at it, and told why. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { newId } from "#server/kernel/id.ts";
import { type ProblemAnswer, problem } from "#workers/gateway/problem.ts";
import { toOriginForm } from "#workers/gateway/request-target.ts";

/** Of which one request has one: with two of them, those in front of us and we might believe different ones. By length. */
const single = new Map(["host", "authorization", "idempotency-key"].map((name) => [name.length, name]));

/** Answers what it refuses. @returns whether it did */
export function refuseRequest(request: IncomingMessage, response: ServerResponse): boolean {
  const why = faultOf(request);
  if (why !== null) answerLast(response, problem(400, "bad_request", why, newId()));
  return why !== null;
}

/** For the server's `checkExpectation`. */
export function refuseExpectation(_: IncomingMessage, response: ServerResponse): void {
  const detail = "Of the Expect header only 100-continue is understood.";
  answerLast(response, problem(417, "expectation_failed", detail, newId()));
}

function faultOf(request: IncomingMessage): string | null {
  if (request.headers.host === undefined && request.httpVersion === "1.1") return "Send a Host header.";
  const twice = repeatedHeader(request.rawHeaders);
  if (twice) return `Send one ${twice} header, not several.`;
  return toOriginForm(request) ? null : "The address of a request begins with a slash.";
}

/** @param raw names and values in turn */
function repeatedHeader(raw: readonly string[]): string | null {
  const seen: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const one = single.get(name.length);
    // Names of another length are not made lower case for this.
    if (one === undefined || name.toLowerCase() !== one) continue;
    if (seen.includes(one)) return name;
    seen.push(one);
  }
  return null;
}

/** Nothing that comes after it on the connection is listened to. */
function answerLast(response: ServerResponse, { status, headers, body }: ProblemAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text), connection: "close" });
  response.end(text);
}
