/** The isolation matrix over HTTP: every route that the gateway serves × kinds of key × parent, sibling and stranger. */
import { afterAll, describe, expect, it } from "vitest";
import { keyScopes } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { openGateway } from "#tests/gateway.ts";
import { digestOf, type Holding, makeWorld, type Relation } from "#tests/isolation/world.ts";
import { accumulator } from "#workers/accumulator.ts";
import { partnerRoutes } from "#workers/gateway/partner-receipts.ts";
import { endpointsOf } from "#workers/gateway/server.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

/** `type` is JSON when left out; then the body is written so. */
type Request = { path: string; body?: unknown; type?: string };

const fieldsOf = (t: Holding, more = {}) =>
  `${new URLSearchParams({ sender: t.senderName, to: t.msisdn, text: "Hi", ...more })}`;
const xmlOf = (t: Holding, attributes = "") =>
  `<send${attributes}><message><sender>${t.senderName}</sender><to>${t.msisdn}</to><text>Hi</text></message></send>`;
const form = "application/x-www-form-urlencoded";

/** A route without an entry fails the matrix. */
const requests: Record<string, (target: Holding, self: Holding) => Request[]> = {
  "POST /api/v1/messages": (t) => [
    { path: "/api/v1/messages", body: { sender: t.senderName, to: t.msisdn, text: "Hi" } },
    { path: "/api/v1/messages?dry_run=true", body: { sender: t.senderName, to: t.msisdn, text: "Hi" } },
  ],
  "GET /api/v1/messages": (t) =>
    [t.messageId, t.msisdn, t.mark, t.batchId].map((search) => ({ path: `/api/v1/messages?search=${search}` })),
  "GET /api/v1/messages/{id}": (t) => [{ path: `/api/v1/messages/${t.messageId}` }],
  "GET /api/v1/why": (t) =>
    [t.messageId, t.msisdn, t.mark, t.batchId, t.campaignId].map((id) => ({ path: `/api/v1/why?id=${id}` })),
  "GET /api/v1/orders": () => [{ path: "/api/v1/orders" }],
  "GET /api/v1/orders/{id}": (t) => [{ path: `/api/v1/orders/${t.orderId}` }],
  "GET /api/v1/balance": () => [{ path: "/api/v1/balance" }],
  "GET /api/v1/queue": (t) => [{ path: `/api/v1/queue?tenant=${t.tenantId}` }, { path: "/api/v1/queue" }],
  "GET /api/v1/webhooks": () => [{ path: "/api/v1/webhooks" }],
  "GET /api/send": (t) => [
    { path: `/api/send?${fieldsOf(t)}` },
    { path: `/api/send?${fieldsOf(t, { dry_run: "1" })}` },
    { path: `/t/${t.tenantId}/api/send?${fieldsOf(t)}` },
  ],
  "POST /api/send": (t) => [
    { path: "/api/send", body: fieldsOf(t), type: form },
    { path: `/t/${t.tenantId}/api/send`, body: fieldsOf(t, { dry_run: "1" }), type: form },
  ],
  "POST /api/xml": (t) => [
    { path: "/api/xml", body: xmlOf(t), type: "application/xml" },
    { path: `/t/${t.tenantId}/api/xml`, body: xmlOf(t, ' dry-run="true"'), type: "text/xml" },
  ],
  ...Object.fromEntries(partnerRoutes.map((route) => [route, receiptsOf(route.startsWith("GET"))])),
};

/** Told at the own address, of the message of another; and at what could be taken for the other's address. */
function receiptsOf(isGet: boolean) {
  return (t: Holding, self: Holding): Request[] =>
    [self.receiptToken, t.httpConnectorId, t.mark].flatMap((token) => {
      const path = `/api/v1/receipts/${token}`;
      const told = `${new URLSearchParams({ id: t.messageId, state: "DELIVRD" })}`;
      return isGet ? [{ path: `${path}?${told}` }] : [{ path, body: told, type: form }];
    });
}

const endpoints = endpointsOf(accumulator({ submit: async () => [] }), async () => {});
const routes = [...endpoints.map((e) => `${e.method} ${e.path}`), ...partnerRoutes];

async function send(route: string, request: Request, key: string): Promise<{ status: number; text: string }> {
  const method = route.split(" ")[0];
  const { type = "application/json" } = request;
  const body = typeof request.body === "object" ? JSON.stringify(request.body) : (request.body as string | undefined);
  const headers = { authorization: `Bearer ${key}`, ...(body ? { "content-type": type } : {}) };
  const response = await fetch(`${address}${request.path}`, { method, headers, body });
  return { status: response.status, text: await response.text() };
}

/** 422: a refused recipient, in the door that answers so. */
const ownAnswers = [200, 202, 422];

describe("isolation matrix over HTTP", () => {
  it("knows every route, and no other", () => {
    expect([...routes].sort()).toEqual(Object.keys(requests).sort());
  });

  it("shows and changes nothing outside the subtree, and answers the own", async () => {
    const world = await makeWorld(db);
    const keys = [
      await makeKey(db, world.self.tenantId, keyScopes),
      await makeKey(db, world.self.tenantId, ["senders.read"]),
    ];
    const hostile: Relation[] = ["parent", "sibling", "stranger"];
    const digests = () => Promise.all(hostile.map((relation) => digestOf(db, world[relation].tenantId)));
    const before = await digests();
    const leaks: string[] = [];
    let made = 0;
    for (const route of routes) {
      for (const relation of hostile) {
        const { mark, senderName } = world[relation];
        for (const request of requests[route]?.(world[relation], world.self) ?? []) {
          for (const key of keys) {
            made += 1;
            const { status, text } = await send(route, request, key);
            const sent = `${request.path} ${JSON.stringify(request.body)}`;
            for (const secret of [mark, senderName]) {
              if (text.includes(secret) && !sent.includes(secret)) leaks.push(`${route} on ${relation}: ${secret}`);
            }
            if (status >= 500) leaks.push(`${route} on ${relation}: ${status} ${text}`);
          }
        }
      }
      const own = requests[route]?.(world.self, world.self).at(0);
      if (own && keys[0]) expect(ownAnswers, route).toContain((await send(route, own, keys[0])).status);
    }
    expect(await digests()).toEqual(before);
    console.log(`isolation matrix over HTTP: ${routes.length} routes, ${made} attempts, ${leaks.length} leaks`);
    expect(leaks).toEqual([]);
  });
});
