/** The API over real HTTP on real Postgres: sending in every form, refusals, errors. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { type Call, caller, message, openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

let tree: SendingTree;
let key: string;
let call: Call;
beforeAll(async () => {
  tree = await makeSendingTree(db);
  key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read", "orders.read"]);
  call = caller(address, key);
});

const countMessages = async () => Number((await db.sql`select count(*)::int as n from messages`)[0]?.n);

describe("sending", () => {
  it("accepts one message", async () => {
    const { status, body } = await call("POST", "/api/v1/messages", {
      body: message({ class: "otp", reference: "r-1" }),
    });
    expect(status).toBe(202);
    expect(body.messages).toEqual([
      { id: expect.any(String), to: expect.stringMatching(/^\d+$/), status: "queued", parts: 1 },
    ]);
    const [row] =
      await db.sql`select tenant_id, source, reference, traffic_class from messages where id = ${body.messages[0]?.id ?? ""}`;
    expect(row).toMatchObject({
      tenant_id: tree.subaccount.id,
      source: "http",
      reference: "r-1",
      traffic_class: "otp",
    });
  });

  it("accepts one text to many, and many messages, in the order given", async () => {
    const to = [nextNumber(), nextNumber(), nextNumber()];
    const many = await call("POST", "/api/v1/messages", { body: { sender: "ACME", text: "Hello", to } });
    expect(many.body.messages.map((m) => m.to)).toEqual(to);
    const batch = await call("POST", "/api/v1/messages", {
      body: { messages: to.map((number) => message({ to: number })) },
    });
    expect(batch.status).toBe(202);
    expect(batch.body.messages.map((m) => m.to)).toEqual(to);
  });

  it("refuses what is wrong and sends its neighbours", async () => {
    const { status, body } = await call("POST", "/api/v1/messages", {
      body: {
        messages: [
          message(),
          message({ sender: "NOBODY" }),
          message({ to: "123" }),
          message({ text: "x".repeat(2_000) }),
        ],
      },
    });
    expect(status).toBe(202);
    expect(body.messages.map((m) => [m.status, m.error?.code])).toEqual([
      ["queued", undefined],
      ["refused", "sender_not_approved"],
      ["refused", "invalid_number"],
      ["refused", "text_too_long"],
    ]);
  });

  it("prices a dry run as the sending is charged, and writes nothing", async () => {
    const body = message();
    const before = await countMessages();
    const dry = await call("POST", "/api/v1/messages?dry_run=true", { body });
    expect(dry.status).toBe(202);
    expect(dry.body.messages[0]).toMatchObject({
      status: "queued",
      encoding: expect.any(String),
      prices: [{ parts: 1 }],
    });
    expect(await countMessages()).toBe(before);
    const held = async () =>
      (await call("GET", "/api/v1/balance")).body as never as { balances: { held: { money: { amount: string } } }[] };
    const heldBefore = Number((await held()).balances[0]?.held.money.amount);
    await call("POST", "/api/v1/messages", { body });
    const heldAfter = Number((await held()).balances[0]?.held.money.amount);
    const price = dry.body.messages[0]?.prices?.[0] as { total: { amount: string } };
    expect(heldAfter - heldBefore).toBeCloseTo(Number(price.total.amount), 6);
  });

  it("answers an Idempotency-Key again and sends once", async () => {
    const body = message();
    const headers = { "idempotency-key": newId() };
    const before = await countMessages();
    const first = await call("POST", "/api/v1/messages", { body, headers });
    const again = await call("POST", "/api/v1/messages", { body, headers });
    expect(again.body.messages).toEqual(first.body.messages);
    expect(await countMessages()).toBe(before + 1);
    const other = await call("POST", "/api/v1/messages", { body: message(), headers });
    expect([other.status, other.body.code]).toEqual([409, "idempotency_mismatch"]);
  });

  it("puts parallel requests into few transactions", async () => {
    const sent = await Promise.all(
      Array.from({ length: 60 }, () => call("POST", "/api/v1/messages", { body: message() })),
    );
    expect(sent.every((s) => s.status === 202)).toBe(true);
    const ids = sent.map((s) => s.body.messages[0]?.id ?? "");
    const [row] =
      await db.sql`select count(distinct xmin::text)::int as n from messages where id = any(${ids}::uuid[])`;
    // How few depends on how fast they come: workers/accumulator.test.ts has the law.
    expect(row?.n).toBeLessThan(60);
  });
});

describe("refusals", () => {
  it.each([
    ["no key", { headers: { authorization: "" } }, 401, "missing_key"],
    ["an unknown key", { key: "unknown" }, 401, "invalid_key"],
    ["malformed JSON", { body: '{"sender":' }, 400, "malformed_json"],
    ["an empty body", { body: "" }, 400, "malformed_json"],
    ["another type", { body: "a=b", headers: { "content-type": "text/plain" } }, 415, "unsupported_media_type"],
    ["a missing field", { body: { sender: "ACME", text: "x" } }, 400, "invalid_input"],
    ["a field that is not known", { body: { ...message(), colour: "red" } }, 400, "invalid_input"],
    [
      "a prototype",
      { body: `{"__proto__":{"to":"${nextNumber()}"},"sender":"ACME","text":"x"}` },
      400,
      "invalid_input",
    ],
    ["an array", { body: [message()] }, 400, "invalid_input"],
    ["no messages", { body: { messages: [] } }, 400, "invalid_input"],
    ["a body over the limit", { body: message({ text: "x".repeat(17_000_000) }) }, 413, "body_too_large"],
    [
      "a long Idempotency-Key",
      { body: message(), headers: { "idempotency-key": "k".repeat(256) } },
      400,
      "invalid_idempotency_key",
    ],
  ])("answers %s with a problem document", async (_, options, status, code) => {
    const reply = await call("POST", "/api/v1/messages", { body: message(), ...options });
    const dry = await call("POST", "/api/v1/messages?dry_run=true", { body: message(), ...options });
    expect([dry.status, dry.body.code]).toEqual([status, code]);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.body).toMatchObject({
      type: "about:blank",
      status,
      detail: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it.each([
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x41]), "application/json", 400, "malformed_json"],
    ["a cut character", Buffer.from([0xc3]), "application/json; charset=utf-8", 400, "malformed_json"],
    ["another charset", Buffer.from("text"), "application/json; charset=utf-16", 415, "unsupported_media_type"],
    [
      "another charset in quotes",
      Buffer.from("text"),
      'application/json;charset="latin1"',
      415,
      "unsupported_media_type",
    ],
  ])("refuses %s instead of sending something else", async (_, text, type, status, code) => {
    const [before = "", after = ""] = JSON.stringify(message({ text: "¦" })).split("¦");
    const body = Buffer.concat([Buffer.from(before), text, Buffer.from(after)]);
    const sentBefore = await countMessages();
    const headers = { authorization: `Bearer ${key}`, "content-type": type };
    const response = await fetch(`${address}/api/v1/messages`, { method: "POST", headers, body });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    expect(await countMessages()).toBe(sentBefore);
  });

  it("takes UTF-8 under its names, and with a byte order mark", async () => {
    for (const type of ["application/json", "application/json; charset=UTF-8", 'application/json;charset="utf8"']) {
      const body = `\ufeff${JSON.stringify(message())}`;
      expect((await call("POST", "/api/v1/messages", { body, headers: { "content-type": type } })).status).toBe(202);
    }
  });

  it("serves the address however it is spelled, and with an empty query", async () => {
    for (const path of ["/api/v1/%6Dessages", "/api/v1/messages?"]) {
      expect((await call("POST", path, { body: message() })).status).toBe(202);
    }
  });

  it("says what to send to who sends nothing", async () => {
    expect(await call("POST", "/api/v1/messages")).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  });

  it("stops reading a body over the limit that was not announced", async () => {
    const piece = Buffer.alloc(1_000_000, "x");
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(Buffer.from('{"text":"')),
      pull: (stream) => stream.enqueue(piece),
    });
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const sent = fetch(`${address}/api/v1/messages`, { method: "POST", headers, body, duplex: "half" } as RequestInit);
    // The end of the connection may come before the answer is read.
    const status = await sent.then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
  });

  it.each([
    ["/api/v1/messages/%", 400],
    [`/api/v1/messages/${"7".repeat(300)}`, 414],
  ])("answers an address that cannot be read as a problem: %s", async (path, status) => {
    const reply = await call("GET", path);
    expect([reply.status, reply.body.code]).toEqual([status, "bad_request"]);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
  });

  it("refuses more than 10,000 messages in one call", async () => {
    const to = Array.from({ length: 10_001 }, () => "84912345678");
    const reply = await call("POST", "/api/v1/messages", { body: { sender: "ACME", text: "x", to } });
    expect([reply.status, reply.body.code]).toEqual([400, "invalid_input"]);
  });

  it("refuses a key without the scope, and one from another address", async () => {
    const reader = await makeKey(db, tree.subaccount.id, ["orders.read"]);
    expect(await call("POST", "/api/v1/messages", { body: message(), key: reader })).toMatchObject({
      status: 403,
      body: { code: "forbidden", detail: expect.stringContaining("messages.send") },
    });
    const elsewhere = await makeKey(db, tree.subaccount.id, ["orders.read"], ["192.0.2.0/24"]);
    const forged = { "x-forwarded-for": "192.0.2.1" };
    expect(await call("GET", "/api/v1/balance", { key: elsewhere, headers: forged })).toMatchObject({
      status: 403,
      body: { code: "ip_not_allowed" },
    });
  });

  it("knows its addresses and their methods", async () => {
    expect(await call("GET", "/api/v1/nothing")).toMatchObject({ status: 404, body: { code: "route_not_found" } });
    const wrong = await call("DELETE", "/api/v1/orders");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("says 503 and when to come back while the database is away", async () => {
    const lonely = await openGateway(null);
    const response = await fetch(`${lonely.address}/api/v1/balance`, {
      headers: { authorization: "Bearer k" },
    });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await response.json()).toMatchObject({ code: "unavailable" });
    expect((await fetch(`${lonely.address}/health`)).status).toBe(503);
    await lonely.close();
  });
});
