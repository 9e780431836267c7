/** What the gateway passes to the web process: streamed, under headers that a client cannot forge. */
import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect as dial, type Socket } from "node:net";
import { expect, it } from "vitest";
import { eventually } from "#tests/eventually.ts";
import { webPair as pair } from "#tests/web-pair.ts";

const echo = (request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
  response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers }));
};

/** fetch() refuses to set some headers; this does not. */
async function ask(
  port: number,
  headers: Record<string, string>,
  path = "/console?x=1",
): Promise<{ headers: Record<string, string>; url: string; cookies?: string[] }> {
  const [answer] = (await once(request({ host: "127.0.0.1", port, path, headers }).end(), "response")) as [
    IncomingMessage,
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { ...JSON.parse(Buffer.concat(chunks).toString()), cookies: answer.headers["set-cookie"] };
}

it("keeps the host, tells who the client is, and drops what a client made up", async () => {
  const { port } = await pair(echo);
  const seen = await ask(port, {
    host: "sms.brand.example",
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-real-ip": "203.0.113.9",
    forwarded: "for=203.0.113.9",
    "x-middleware-subrequest": "middleware:middleware:middleware",
    connection: "keep-alive, x-drop-me",
    "x-drop-me": "1",
    cookie: "session=1",
  });
  expect(seen.url).toBe("/console?x=1");
  expect(seen.cookies).toEqual(["a=1", "b=2"]);
  expect(seen.headers).toMatchObject({
    host: "sms.brand.example",
    "x-forwarded-host": "sms.brand.example",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    cookie: "session=1",
  });
  for (const name of ["x-middleware-subrequest", "forwarded", "x-real-ip", "x-drop-me"]) {
    expect(seen.headers).not.toHaveProperty(name);
  }
});

it("believes a proxy that it was told to trust", async () => {
  const { port } = await pair(echo, { trusted: ["127.0.0.0/8"] });
  const seen = await ask(port, {
    "x-forwarded-for": "198.51.100.7, 203.0.113.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "sms.brand.example",
  });
  expect(seen.headers).toMatchObject({
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "https",
    host: "sms.brand.example",
  });
});

it("streams uploads: the web process has the first part before the client sent the last", async () => {
  let first: (chunk: string) => void = () => {};
  const arrived = new Promise<string>((resolve) => {
    first = resolve;
  });
  const { port } = await pair(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) {
      first(String(chunk));
      bytes += chunk.length;
    }
    response.end(String(bytes));
  });
  const upload = request({
    host: "127.0.0.1",
    port,
    path: "/upload",
    method: "POST",
    headers: { "content-type": "text/csv" },
  });
  upload.write("first");
  expect(await arrived).toBe("first");
  upload.end("x".repeat(1_000_000));
  const [answer] = (await once(upload, "response")) as [IncomingMessage];
  expect(String((await once(answer, "data"))[0])).toBe("1000005");
});

it("streams answers: an event arrives while the answer is still open", async () => {
  const { port } = await pair((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
  });
  const open = request({ host: "127.0.0.1", port, path: "/events" }).end();
  const [answer] = (await once(open, "response")) as [IncomingMessage];
  expect(String((await once(answer, "data"))[0])).toBe("data: 1\n\n");
  open.destroy();
});

it("stops the web process's work when the client has gone", async () => {
  let gone: () => void = () => {};
  const noticed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const { port } = await pair((_, response) => {
    response.on("close", gone);
    response.write("…");
  });
  const open = request({ host: "127.0.0.1", port, path: "/long" }).end();
  await once(open, "response");
  open.on("error", () => {});
  open.destroy();
  await noticed;
});

/** What the server answers to these bytes, to the end of the connection or to what is waited for. */
async function speak(port: number, text: string, until?: string): Promise<{ socket: Socket; answer: string }> {
  const socket = dial(port, "127.0.0.1");
  socket.write(text);
  let answer = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    answer += chunk;
    if (until && answer.includes(until)) break;
  }
  return { socket, answer };
}

const upgradeRequest =
  "GET /hmr HTTP/1.1\r\nhost: a.example\r\nx-middleware-subrequest: middleware\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n";

it("passes WebSockets through where they are wanted, under clean headers", async () => {
  const { port, web, gateway } = await pair(echo, { upgrades: true });
  let seen: IncomingHttpHeaders = {};
  web.on("upgrade", (request, socket) => {
    seen = request.headers;
    socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n");
    socket.pipe(socket);
  });
  const { socket, answer } = await speak(port, upgradeRequest, "\r\n\r\n");
  expect(answer).toContain("101 Switching Protocols");
  expect(seen).toMatchObject({ host: "a.example", "x-forwarded-for": "127.0.0.1", upgrade: "echo" });
  expect(seen).not.toHaveProperty("x-middleware-subrequest");
  socket.write("ping");
  expect(String((await once(socket, "data"))[0])).toBe("ping");
  const ended = once(socket, "close");
  socket.resume();
  await gateway.close();
  await ended;
});

it("passes no WebSockets through elsewhere: the request is one like others", async () => {
  const { port, web } = await pair(echo);
  web.on("upgrade", () => expect.unreachable());
  const { socket, answer } = await speak(port, upgradeRequest, "}}");
  expect(answer).toContain("HTTP/1.1 200 OK");
  expect(answer).not.toContain("x-middleware-subrequest");
  socket.destroy();
});

it("takes a whole address for its path and its host, and knows no other target", async () => {
  const { port } = await pair(echo);
  const get = (target: string) => `GET ${target} HTTP/1.1\r\nhost: own.example\r\nconnection: close\r\n\r\n`;
  const page = (await speak(port, get("http://evil.example/console?x=1"))).answer;
  expect(JSON.parse(page.slice(page.indexOf("{"), page.lastIndexOf("}") + 1))).toMatchObject({
    url: "/console?x=1",
    headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
  });
  const api = (await speak(port, get("http://evil.example/api/v1/balance"))).answer;
  expect(api).toContain("HTTP/1.1 401");
  for (const target of ["ftp://evil.example/x", "*"]) {
    expect((await speak(port, get(target))).answer).toContain("HTTP/1.1 400");
  }
});

it("answers what is no request as a problem", async () => {
  const { port } = await pair(echo);
  const nonsense = (await speak(port, "nonsense\r\n\r\n")).answer;
  expect(nonsense).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
  expect(nonsense).toContain('"code":"bad_request"');
  const { answer } = await speak(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(40_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 431 [\s\S]*application\/problem\+json[\s\S]*"code":"headers_too_large"/);
});

it("closes at once under load: who keeps asking over an open connection is answered and let go", async () => {
  const { port, gateway } = await pair((_, response) => setTimeout(() => response.end("fine"), 5));
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let answered = 0;
  const client = async () => {
    for (;;) {
      const asked = request({ host: "127.0.0.1", port, path: "/console", agent }).end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      for await (const _ of answer) answered += 1;
    }
  };
  const gone = Promise.allSettled([client(), client(), client(), client()]);
  await eventually(() => expect(answered).toBeGreaterThan(20));
  await gateway.close();
  for (const one of await gone) {
    expect(one.status === "rejected" && one.reason.code).toMatch(/^ECONN(REFUSED|RESET)$/);
  }
  agent.destroy();
});

it("says in plain words that the web process is away, without naming anybody", async () => {
  const { port, web } = await pair(echo);
  web.close().closeAllConnections();
  const page = await fetch(`http://127.0.0.1:${port}/console`, { headers: { accept: "text/html" } });
  expect(page.status).toBe(502);
  expect(page.headers.get("retry-after")).toBe("2");
  const text = await page.text();
  expect(text).toContain("Back in a moment");
  expect(text).not.toContain("Banyan");
});
