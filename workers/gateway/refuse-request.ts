/** What no request may be, whatever it asks for (RFC 9110, RFC 9112): refused before anybody looks at it, and told why. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { newId } from "#server/kernel/id.ts";
import { endsWith } from "#workers/gateway/client-error.ts";
import { type ProblemAnswer, problem } from "#workers/gateway/problem.ts";
import { toOriginForm } from "#workers/gateway/request-target.ts";

/** Of which one request has one: with two of them, those in front of us and we might believe different ones. By length. */
const single = new Map(["host", "authorization", "idempotency-key"].map((name) => [name.length, name]));

/** Answers what it refuses. @returns whether it did */
export function refuseRequest(request: IncomingMessage, response: ServerResponse): boolean {
  const fault = faultOf(request);
  if (fault !== null) answerLast(response, problem(fault.status, fault.code, fault.why, newId()));
  return fault !== null;
}

/** For the server's `checkExpectation`. */
export function refuseExpectation(_: IncomingMessage, response: ServerResponse): void {
  const detail = "Of the Expect header only 100-continue is understood.";
  answerLast(response, problem(417, "expectation_failed", detail, newId()));
}

type Fault = { status: number; code: string; why: string };
const bad = (why: string): Fault => ({ status: 400, code: "bad_request", why });

function faultOf(request: IncomingMessage): Fault | null {
  const { headers, httpVersion, rawHeaders } = request;
  if (headers.host === undefined && httpVersion === "1.1") return bad("Send a Host header.");
  const twice = repeatedHeader(rawHeaders);
  if (twice) return bad(`Send one ${twice} header, not several.`);
  if (headers.host !== undefined && !hostValue.test(headers.host)) return bad("The Host header names no host.");
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && httpVersion === "1.0") return bad("HTTP/1.0 has no Transfer-Encoding.");
  if (coding !== undefined && coding.toLowerCase() !== "chunked") {
    const why = "Of the transfer codings only chunked is understood.";
    return { status: 501, code: "not_implemented", why };
  }
  return toOriginForm(request) ? null : bad("The address of a request begins with a slash.");
}

/** RFC 3986 section 3.2.2, and a port: a name or an IPv4 address, or an IPv6 address in brackets. */
const hostValue = /^(?:(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/i;

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
  if (response.socket) endsWith(response.socket);
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text), connection: "close" });
  response.end(text);
}
