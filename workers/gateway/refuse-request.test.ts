/** Requests that no server may take as they are, and such as never end: each is answered, and told why. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, expect, it } from "vitest";
import { newId } from "#server/kernel/id.ts";
import { keyScopes } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree } from "#tests/sending.ts";
import { accumulator } from "#workers/accumulator.ts";
import { endpointsOf } from "#workers/gateway/server.ts";

const db = await testDatabase();
const { port, close } = await openGateway(db, { arrivalMs: 240 });
afterAll(close);

/** What is answered to these octets until the gateway ends the connection. */
async function speak(...lines: string[]): Promise<{ status: number; type: string; text: string }> {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.setEncoding("latin1").on("data", (piece) => {
    heard += piece;
  });
  socket.on("error", () => {});
  socket.write(lines.join("\r\n"));
  await once(socket, "close");
  const [head = "", text = ""] = heard.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1] ?? "",
    text,
  };
}

const refused = (status: number, code: string, detail: string) => ({
  status,
  type: "application/problem+json",
  text: expect.stringMatching(new RegExp(`"code":"${code}","detail":"${detail}`)),
});

it.each([
  ["no Host", ["GET /health HTTP/1.1", "", ""], "Send a Host header\\."],
  ["two Hosts", ["GET /health HTTP/1.1", "Host: a", "host: b", "", ""], "Send one host header"],
  [
    "two keys",
    ["GET /api/v1/balance HTTP/1.1", "host: a", "authorization: Bearer a", "Authorization: Bearer b", "", ""],
    "Send one Authorization header",
  ],
  [
    "two names for one request",
    ["POST /api/v1/messages HTTP/1.1", "host: a", "idempotency-key: a", "Idempotency-Key: b", "", ""],
    "Send one Idempotency-Key header",
  ],
  ["two Hosts for a page", ["GET /console HTTP/1.1", "host: a", "host: a", "", ""], "Send one host header"],
  ["an empty Host", ["GET /health HTTP/1.1", "Host:", "", ""], "The Host header names no host\\."],
  ["a Host of two words", ["GET /health HTTP/1.1", "Host: a b", "", ""], "The Host header names no host\\."],
  ["a Host with a path", ["GET /console HTTP/1.1", "Host: a/b", "", ""], "The Host header names no host\\."],
  ["a Host with a name", ["GET /health HTTP/1.0", "Host: me@a", "", ""], "The Host header names no host\\."],
  ["a port that is none", ["GET /health HTTP/1.1", "Host: a:80x", "", ""], "The Host header names no host\\."],
  [
    "chunks in HTTP/1.0",
    ["POST /api/send HTTP/1.0", "Transfer-Encoding: chunked", "", "0", "", ""],
    "HTTP/1\\.0 has no Transfer-Encoding\\.",
  ],
  ["an address without a path", ["OPTIONS * HTTP/1.1", "host: a", "", ""], "The address of a request"],
])("%s: 400 that says why", async (_, lines, detail) => {
  expect(await speak(...lines)).toEqual(refused(400, "bad_request", detail));
});

it.each(["a.example", "A.example:8080", "127.0.0.1:1", "[::1]:8080", "[2001:db8::1]", "xn--bcher-kva.example"])(
  "takes the Host %s",
  async (host) => {
    expect((await speak("GET /health HTTP/1.1", `Host: ${host}`, "Connection: close", "", "")).status).toBe(200);
  },
);

it.each(["gzip, chunked", "gzip", "identity", "chunkedx", "chunked;q=1"])(
  "answers the transfer coding %s with 501, once, and reads no further",
  async (coding) => {
    for (const path of ["/api/v1/messages", "/api/send", "/console"]) {
      const lines = [`POST ${path} HTTP/1.1`, "host: a", `transfer-encoding: ${coding}`, "", "0", "", ""];
      const answer = await speak(...lines, "GET /health HTTP/1.1", "host: a", "", "");
      expect(answer).toEqual(refused(501, "not_implemented", "Of the transfer codings only chunked"));
      expect(answer.text).not.toContain("HTTP/1.1");
    }
  },
);

it("opens no tunnel: CONNECT is answered, and the connection ends", async () => {
  const answer = await speak("CONNECT a.example:443 HTTP/1.1", "host: a.example:443", "", "");
  expect(answer).toEqual(refused(501, "not_implemented", "CONNECT is not understood"));
});

it("refuses a query that is not UTF-8 wherever something is read, and says which field", async () => {
  const tree = await makeSendingTree(db);
  const key = await makeKey(db, tree.subaccount.id, [...keyScopes]);
  const reading = endpointsOf(accumulator({ submit: async () => [] }), async () => {}).filter(
    ({ dialect, method }) => method === "GET" && !dialect,
  );
  expect(reading.length).toBeGreaterThan(5);
  for (const { path } of reading) {
    for (const [query, said] of [
      ["search=%ff", "search: Its percent-encoding is not UTF-8"],
      ["a=1&%c3=2", "A parameter's name: Its percent-encoding"],
      ["cursor=100%", "cursor: Its percent-encoding"],
    ]) {
      const target = `${path.replaceAll(/\{\w+\}/g, newId())}?${query}`;
      const lines = [`GET ${target} HTTP/1.1`, "host: a", `authorization: Bearer ${key}`, "connection: close", "", ""];
      expect([target, await speak(...lines)]).toEqual([target, refused(400, "invalid_input", said ?? "")]);
    }
  }
});

it("asks no Host of HTTP/1.0, and takes 100-continue", async () => {
  expect((await speak("GET /health HTTP/1.0", "", "")).status).toBe(200);
  const lines = ["POST /api/v1/messages HTTP/1.1", "host: a", "expect: 100-continue", "connection: close"];
  const { status, text } = await speak(...lines, "content-length: 2", "", "{}");
  expect([status, text]).toEqual([100, expect.stringContaining("HTTP/1.1 401")]);
});

it("answers what is expected beside that with 417", async () => {
  const answer = await speak("GET /health HTTP/1.1", "host: a", "expect: foo", "", "");
  expect(answer).toEqual(refused(417, "expectation_failed", "Of the Expect header"));
});

it("answers below what is no tenant's address as the API does", async () => {
  for (const path of ["/t/zz/api/v1/balance", "/t/zz/api/v1/messages?x=1", "/t//api/send"]) {
    const answer = await speak(`GET ${path} HTTP/1.1`, "host: a", "connection: close", "", "");
    expect(answer).toEqual(refused(404, "route_not_found", "There is no such address"));
  }
});

it("ends a request whose body stalls, in the way of its door", async () => {
  const tree = await makeSendingTree(db);
  const key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
  const stalled = (path: string, type: string, begun: string) =>
    speak(
      `POST ${path} HTTP/1.1`,
      "host: a",
      `authorization: Bearer ${key}`,
      `content-type: ${type}`,
      "content-length: 1000",
      "",
      begun,
    );
  expect(await stalled("/api/v1/messages", "application/json", '{"to":')).toEqual(
    refused(408, "request_timeout", "The request took too long to arrive"),
  );
  const form = await stalled("/api/send", "application/x-www-form-urlencoded", "to=");
  expect(form).toMatchObject({ status: 408, text: expect.stringMatching(/^error request_timeout /) });
  const xml = await stalled("/api/xml", "text/xml", "<send>");
  expect(xml).toMatchObject({ status: 408, text: expect.stringContaining('code="request_timeout"') });
});

it("ends a connection whose request was answered and goes on stalling", async () => {
  const answer = await speak(
    "POST /api/send HTTP/1.1",
    "host: a",
    "authorization: Bearer x",
    "content-length: 9",
    "",
    "to",
  );
  expect(answer.status).toBe(401);
});
