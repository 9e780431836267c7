/** HTTP to places that people type in: guarded, pinned, bounded in time and size. The built-in fetch cannot be pinned. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { DomainError, invalidInput } from "#server/kernel/errors.ts";
import { checkDestination, type Destination, type Guard } from "#server/kernel/outbound.ts";

export type OutsideRequest = {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For all of it: resolving, redirects, the last octet of the body. */
  timeoutMs?: number;
  /** Of the answer's body. */
  maxBytes?: number;
  /** GET and HEAD only; 0 = a redirect is the answer. */
  maxRedirects?: number;
};

export type OutsideResponse = {
  /** Where the answer came from, after redirects. */
  url: string;
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
};

const redirects = new Set([301, 302, 303, 307, 308]);
/** Meant for the host they were sent to. */
const credentials = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * Every hop is checked and pinned anew, so a redirect leads nowhere that the first address could not.
 * @throws invalid_input `url_not_allowed` · `host_not_allowed` · unavailable `host_not_found` · `no_answer` · `answer_too_large`
 */
export async function fetchOutside(
  address: string,
  wanted: OutsideRequest = {},
  guard: Guard = {},
): Promise<OutsideResponse> {
  const { timeoutMs = 15_000, maxBytes = 1_048_576, maxRedirects = 0, method = "GET" } = wanted;
  const signal = AbortSignal.timeout(timeoutMs);
  let url = checkedUrl(address);
  let headers = wanted.headers ?? {};
  for (let hop = 0; ; hop += 1) {
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    const to = await checkDestination({ host: url.hostname, port }, guard);
    const response = await exchange(url, to, { ...wanted, method, headers, maxBytes }, signal);
    const location = redirects.has(response.status) ? response.headers.location : undefined;
    const mayFollow = (method === "GET" || method === "HEAD") && hop < maxRedirects;
    if (location === undefined || !mayFollow) return response;
    const next = checkedUrl(location, url);
    if (url.protocol === "https:" && next.protocol !== "https:") throw urlNotAllowed();
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

function checkedUrl(address: string, base?: URL): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  const isPlain = url !== null && (url.protocol === "https:" || url.protocol === "http:") && !url.username;
  if (!isPlain || url.password) throw urlNotAllowed();
  return url;
}

const urlNotAllowed = () =>
  invalidInput("url_not_allowed", "Use an http or https address without a user name and a password.", { field: "url" });

const withoutCredentials = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !credentials.has(name.toLowerCase())));

type Exchange = OutsideRequest & { maxBytes: number };

function exchange(url: URL, to: Destination, wanted: Exchange, signal: AbortSignal): Promise<OutsideResponse> {
  const { method, body, maxBytes } = wanted;
  // One connection a request: a pool would hand a checked socket to an address that was checked for somebody else.
  const options = { method, signal, agent: false, lookup: to.lookup, host: to.host, maxHeaderSize: 16_384 };
  const headers = { ...wanted.headers, host: url.host, "accept-encoding": "identity", connection: "close" };
  return new Promise((done, fail) => {
    const failed = (error: Error) => fail(error instanceof DomainError ? error : noAnswer(signal));
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, { ...options, headers }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) response.destroy(tooLarge(maxBytes));
        else chunks.push(chunk);
      });
      response.on("error", failed);
      response.on("end", () => {
        done({
          url: url.href,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.on("error", failed);
    request.end(body);
  });
}

const noAnswer = (signal: AbortSignal) =>
  new DomainError("unavailable", "no_answer", signal.aborted ? "No answer in time." : "The server does not answer.");
const tooLarge = (maxBytes: number) =>
  new DomainError("unavailable", "answer_too_large", `The answer is longer than ${maxBytes} octets.`);
