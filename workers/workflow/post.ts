/** One signed request to the app, over node:http because fetch gives up on an answer that takes longer than five minutes. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Answer } from "./outcome.ts";
import { sign } from "./signature.ts";

export type SignedRequest = {
  method: "POST" | "PUT";
  url: string;
  /** Canonical JSON. */
  body: string;
  headers?: Record<string, string>;
  signingKey: string;
  timeoutMs: number;
  maxAnswerBytes: number;
  stop?: AbortSignal;
};

/** The app was not there at all: the request cannot have had an effect. */
export class NotReached extends Error {}

const refusedCodes = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** @throws NotReached, or Error when the connection broke off, took too long or answered too much */
export function sendSigned(asked: SignedRequest): Promise<Answer> {
  const { method, url, body, signingKey, timeoutMs, maxAnswerBytes } = asked;
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  const signals = [AbortSignal.timeout(timeoutMs), ...(asked.stop ? [asked.stop] : [])];
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      // A connection of its own for each call: a kept one may be closed by the app just as it is used again.
      agent: false,
      signal: AbortSignal.any(signals),
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "x-inngest-server-kind": "cloud",
        "x-inngest-signature": sign(body, signingKey, Date.now()),
        ...asked.headers,
      },
    });
    request.on("error", (error) => {
      const code = "code" in error ? String(error.code) : "";
      reject(refusedCodes.has(code) ? new NotReached(error.message || code) : error);
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxAnswerBytes) request.destroy(new Error(`the answer is larger than ${maxAnswerBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("aborted", () => reject(new Error("the connection was lost")));
      response.on("end", () => {
        const headers = Object.entries(response.headers).map(([key, value]) => [key, value?.toString()]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(headers),
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    request.end(body);
  });
}
