/** What is no HTTP request at all, or too large or too slow a one, is answered as a problem, too. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { newId } from "#server/kernel/id.ts";
import { type ProblemAnswer, problem } from "#workers/gateway/problem.ts";

/** Connections whose last answer is written: what is wrong with the rest of what comes is nobody's concern. */
const ended = new WeakSet<Duplex>();
export const endsWith = (socket: Duplex): void => void ended.add(socket);

/** For the server's `clientError`, before there is a request: the answer is written to the connection, which then ends. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || ended.has(socket)) return;
  answerOn(socket, answerFor(error.code));
}

/** A tunnel to somewhere else is not ours to give: for the server's `connect`, which has no response either. */
export function refuseTunnel(_: IncomingMessage, socket: Duplex): void {
  answerOn(socket, problem(501, "not_implemented", "CONNECT is not understood here.", newId()));
}

function answerOn(socket: Duplex, { status, headers, body }: ProblemAnswer): void {
  const text = JSON.stringify(body);
  const all = { ...headers, "content-length": Buffer.byteLength(text), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = `HTTP/1.1 ${status} ${body.title}\r\n${lines.join("")}\r\n${text}`;
  if (socket.writable) socket.end(answer, () => socket.destroy());
  else socket.destroy();
}

function answerFor(code: string | undefined) {
  if (code === "HPE_HEADER_OVERFLOW")
    return problem(431, "headers_too_large", "Send fewer or shorter headers.", newId());
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return problem(408, "request_timeout", "The request took too long.", newId());
  return problem(400, "bad_request", "The request cannot be understood.", newId());
}
