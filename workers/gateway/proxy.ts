/** Everything that is not the API goes to the web process, streamed both ways, under headers that clients cannot forge. */
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { type Client, clientOf, type TrustedProxies } from "#workers/gateway/client.ts";
import { type BodyLimits, OpenBodies } from "#workers/gateway/open-bodies.ts";

export type Proxy = {
  forward(request: IncomingMessage, response: ServerResponse): void;
  /** WebSockets: the development server reloads pages through one. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
  /** They never end by themselves, and no server counts them among its connections. */
  endUpgrades(): void;
  close(): void;
};

/** RFC 9110 section 7.6.1: they belong to one connection. */
const hopByHop = ["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade"];
/** What a client could pretend with; the last one skipped all checks of an older web framework (CVE-2025-29927). */
const forgeable = /^(x-forwarded-.*|forwarded|x-real-ip|x-middleware-.*)$/;

/** @param target the web process, on this machine */
export function webProxy(
  target: { host: string; port: number },
  trusted: TrustedProxies,
  limits?: Partial<BodyLimits>,
): Proxy {
  // For requests without a body only. One with a body has a connection of its own: it may be answered before its body was
  // read, and what is left of the body would stand in front of the next request; and senders that never end would take
  // all the places.
  const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64 });
  const bodies = new OpenBodies(limits);
  const upgraded = new Set<Socket>();

  /** False when it was refused. */
  const admitBody = (request: IncomingMessage, response: ServerResponse): boolean => {
    const onIdle = () => {
      if (response.headersSent) request.destroy();
      else answerPlainly(response, 408, "The request stopped in the middle. Send it again.\n");
    };
    if (bodies.admit(request, clientOf(request, trusted).ip, onIdle)) return true;
    answerPlainly(response, 429, "Too much is being sent from your address at once. Try again in a moment.\n");
    return false;
  };

  const forward = (request: IncomingMessage, response: ServerResponse, isRetry = false) => {
    const isBodiless = hasNoBody(request);
    if (!isBodiless && !admitBody(request, response)) return;
    const headers = {
      ...cleaned(request.headers),
      ...identity(clientOf(request, trusted)),
      // Told to close, the web process would cut the connection after an early answer, at times before we have read it.
      connection: "keep-alive",
    };
    const upstream = open({
      ...target,
      agent: isBodiless ? agent : false,
      method: request.method,
      path: request.url,
      headers,
    });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, cleaned(answer.headers));
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (response.destroyed || response.headersSent) return void response.destroy();
      // The web process closed an idle connection at the moment we used it: nothing was done, so once more is safe.
      const isStale = upstream.reusedSocket && error.code === "ECONNRESET" && isBodiless;
      if (isStale && !isRetry) return forward(request, response, true);
      answerAway(request, response);
    });
    response.on("close", () => upstream.destroy());
    if (isBodiless) return void upstream.end();
    request.pipe(upstream);
    // Answered early: the rest is read and dropped, because many clients hear the answer only after they said all.
    upstream.on("close", () => request.unpipe(upstream).resume());
  };

  return {
    forward: (request, response) => forward(request, response),
    upgrade(request, socket, head) {
      const upstream = connect(target.port, target.host, () => {
        const headers = {
          ...cleaned(request.headers),
          ...identity(clientOf(request, trusted)),
          connection: "upgrade",
          upgrade: request.headers.upgrade,
        };
        const lines = Object.entries(headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((v) => `${name}: ${v}`),
        );
        upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upgraded.add(socket);
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
      socket.on("close", () => {
        upgraded.delete(socket);
        upstream.destroy();
      });
    },
    endUpgrades() {
      for (const socket of upgraded) socket.destroy();
    },
    close: () => agent.destroy(),
  };
}

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0";

function cleaned(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = String(headers.connection ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const kept = Object.entries(headers).filter(
    ([name]) => !hopByHop.includes(name) && !named.includes(name) && !forgeable.test(name),
  );
  return Object.fromEntries(kept);
}

const identity = ({ ip, host, proto }: Client) => ({
  host,
  "x-forwarded-for": ip,
  "x-forwarded-host": host,
  "x-forwarded-proto": proto,
});

/** And closes the connection: what is left of the body is not wanted. */
function answerPlainly(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    ...(status === 429 ? { "retry-after": "5" } : {}),
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(text);
}

/** In plain words, and without a name: the page may be anybody's brand. */
function answerAway(request: IncomingMessage, response: ServerResponse): void {
  const wantsPage = String(request.headers.accept ?? "").includes("text/html");
  const type = wantsPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  response.writeHead(502, {
    "content-type": type,
    "retry-after": "2",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(wantsPage ? awayPage : "The service is starting again. Try in a few seconds.\n");
}

const awayPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="3">
<title>Back in a moment</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style>
<h1>Back in a moment</h1>
<p>This site is starting again. The page reloads by itself; nothing that was sent is lost.</p>
</html>
`;
