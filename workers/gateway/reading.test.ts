/** Reading over the API: messages, orders, balance, and the document that says how all of it is answered. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { type Call, caller, message, openGateway } from "#tests/gateway.ts";
import { makeSendingTree, type SendingTree } from "#tests/sending.ts";
import { accumulator } from "#workers/accumulator.ts";
import { endpointsOf } from "#workers/gateway/server.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

let tree: SendingTree;
let call: Call;
beforeAll(async () => {
  tree = await makeSendingTree(db);
  const key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read", "orders.read"]);
  call = caller(address, key);
});

describe("reading messages", () => {
  it("shows the timeline and the price, and finds by reference", async () => {
    const reference = newId();
    const sent = await call("POST", "/api/v1/messages", { body: message({ reference }) });
    const id = sent.body.messages[0]?.id ?? "";
    const one = await call("GET", `/api/v1/messages/${id}`);
    expect(one.status).toBe(200);
    expect(one.body).toMatchObject({ id, status: "queued", reference, prices: [{ state: "held" }] });
    expect((one.body as never as { timeline: { kind: string }[] }).timeline.map((t) => t.kind)).toEqual(["accepted"]);
    const list = await call("GET", `/api/v1/messages?search=${reference}&limit=5`);
    expect((list.body as never as { items: { id: string }[] }).items.map((m) => m.id)).toEqual([id]);
  });

  it("shows nothing of another account, and says what is wrong with a question", async () => {
    const sent = await call("POST", "/api/v1/messages", { body: message() });
    const id = sent.body.messages[0]?.id ?? "";
    const other = await makeKey(db, tree.sibling.id, ["messages.read"]);
    const reply = await call("GET", `/api/v1/messages/${id}`, { key: other });
    expect([reply.status, reply.body.code]).toEqual([404, "message_not_found"]);
    const list = await call("GET", "/api/v1/messages", { key: other });
    expect(list.body).toMatchObject({ items: [], nextCursor: null });
    const wrong = await call("GET", "/api/v1/messages?limit=1000");
    expect(wrong).toMatchObject({ status: 400, body: { code: "invalid_input", field: "limit" } });
    expect(await call("GET", "/api/v1/messages/7")).toMatchObject({ status: 400, body: { field: "id" } });
  });

  it.each([
    ["?search=%00", "search"],
    ["?sender=a%00", "sender"],
  ])("answers a question that the database cannot ask: %s", async (query, field) => {
    const reply = await call("GET", `/api/v1/messages${query}`);
    expect([reply.status, reply.body.code]).toEqual([400, "invalid_input"]);
    expect((reply.body as { field?: string }).field).toBe(field);
  });

  it("answers as the document says", async () => {
    const endpoints = endpointsOf(accumulator({ submit: async () => [] }), async () => {});
    const expectAnswer = (operationId: string, body: unknown) => {
      const endpoint = endpoints.find((e) => e.operationId === operationId);
      expect(endpoint?.answer.safeParse(body).error).toBeUndefined();
      expect(endpoint).toBeDefined();
    };
    const sent = await call("POST", "/api/v1/messages?dry_run=1", { body: message() });
    expectAnswer("sendMessages", sent.body);
    expectAnswer("listMessages", (await call("GET", "/api/v1/messages")).body);
    const real = await call("POST", "/api/v1/messages", { body: message() });
    expectAnswer("getMessage", (await call("GET", `/api/v1/messages/${real.body.messages[0]?.id}`)).body);
    expectAnswer("listOrders", (await call("GET", "/api/v1/orders")).body);
  });
});

describe("orders and balance", () => {
  it("shows the account's own orders and what is left", async () => {
    const list = await call("GET", "/api/v1/orders?role=buyer");
    const items = (list.body as never as { items: { id: string; left: object }[] }).items;
    expect(items.length).toBeGreaterThan(0);
    const one = await call("GET", `/api/v1/orders/${items[0]?.id}`);
    expect(one.body).toMatchObject({ id: items[0]?.id, prices: expect.any(Array) });
    const { balances } = (await call("GET", "/api/v1/balance")).body as never as { balances: { orders: string[] }[] };
    expect(balances.flatMap((b) => b.orders)).toContain(items[0]?.id);
  });

  it("does not show another account's order", async () => {
    const own = (await call("GET", "/api/v1/orders?role=buyer")).body as never as { items: { id: string }[] };
    const other = await makeKey(db, tree.sibling.id, ["orders.read"]);
    const reply = await call("GET", `/api/v1/orders/${own.items[0]?.id}`, { key: other });
    expect([reply.status, reply.body.code]).toEqual([404, "order_not_found"]);
  });
});

it("documents every route that it serves", async () => {
  const document = (await (await fetch(`${address}/api/v1/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { responses: object }>>;
  };
  expect(document.openapi).toBe("3.1.0");
  const endpoints = endpointsOf(accumulator({ submit: async () => [] }), async () => {});
  const served = endpoints.map((e) => `${e.method.toLowerCase()} ${e.path}`).sort();
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual(served);
  for (const endpoint of endpoints) {
    const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
    expect(Object.keys(operation?.responses ?? {})).toContain(String(endpoint.status));
  }
});
