/** What is no HTTP request at all, or too large or too slow a one, is answered as a problem, too. */
import type { Socket } from "node:net";
import { newId } from "#server/kernel/id.ts";
import { problem } from "#workers/gateway/problem.ts";

/** For the server's `clientError`, before there is a request: the answer is written to the connection, which then ends. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const { status, headers, body } = answerFor(error.code);
  const text = JSON.stringify(body);
  const all = { ...headers, "content-length": Buffer.byteLength(text), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) socket.write(`HTTP/1.1 ${status} ${body.title}\r\n${lines.join("")}\r\n${text}`);
  socket.destroySoon();
}

function answerFor(code: string | undefined) {
  if (code === "HPE_HEADER_OVERFLOW")
    return problem(431, "headers_too_large", "Send fewer or shorter headers.", newId());
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return problem(408, "request_timeout", "The request took too long.", newId());
  return problem(400, "bad_request", "The request cannot be understood.", newId());
}
