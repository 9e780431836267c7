/** The webhook worker against receivers that refuse, break off, are slow, silent, dead, or gone for good. */
import { describe, expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { resumeWebhook } from "#server/domain/webhooks/change-status.ts";
import { getWebhook, listWebhookAttempts } from "#server/domain/webhooks/list.ts";
import { testDatabase } from "#tests/database.ts";
import { eventually, expectAll, fleetOn, nothingWaits } from "#tests/webhook-fleet.ts";
import { endMessages, makeEndpoint, openSink, type Sink } from "#tests/webhooks.ts";

const db = await testDatabase(12);
const { tenants, owner, startFleet, waitingOf, hurry, released } = fleetOn(db);
const statusOf = async (id: string) => (await getWebhook(owner(), { id })).status;

describe("the webhook worker", () => {
  it("tries again what was refused, under the same id, until it is taken", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    const refusedIds: string[] = [];
    sink.manner = (request, response, count) => {
      if (count % 3 !== 0) return false;
      refusedIds.push(String(request.headers["webhook-id"]));
      response.writeHead(500).end("no");
      return true;
    };
    await startFleet();
    const ids = await endMessages(db, tenants.own, 90);
    await eventually(() => waitingOf(id)).toMatchObject({ fresh: 0, retries: 30 });
    sink.manner = () => false;
    await hurry(id);
    await expectAll(sink, ids);
    await eventually(() => waitingOf(id)).toEqual(nothingWaits);
    expect(refusedIds.every((eventId) => sink.distinct.has(eventId))).toBe(true);
    const { items } = await listWebhookAttempts(owner(), { id, outcome: "retried" });
    expect(items).toHaveLength(30);
    expect(items[0]).toMatchObject({ statusCode: 500, error: "status", attempt: 1, events: 1 });
  });

  it("counts answers that break off, redirects and silence as failures, and follows no redirect", async () => {
    const other = await openSink();
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    sink.manner = (_request, response, count) => {
      if (count % 4 === 1) {
        response.writeHead(200, { "content-length": 10 }).write("half");
        setImmediate(() => response.socket?.destroy());
        return true;
      }
      if (count % 4 !== 2) return false;
      response.writeHead(307, { location: `${other.url}/elsewhere` }).end();
      return true;
    };
    await startFleet();
    const ids = await endMessages(db, tenants.own, 40);
    await eventually(() => waitingOf(id)).toMatchObject({ fresh: 0, retries: 20 });
    const { items } = await listWebhookAttempts(owner(), { id, outcome: "retried" });
    expect(new Set(items.map(({ error }) => error))).toEqual(new Set(["cut_off", "redirect"]));
    sink.manner = () => false;
    await hurry(id);
    await expectAll(sink, ids);
    expect(other.requests).toBe(0);
  });

  it("lets a slow, a dead and a silent endpoint hold up nobody, and keeps what is theirs", async () => {
    const sink = await openSink();
    const slow = await openSink();
    const dead = { url: `http://127.0.0.1:${await freePort()}` } as Sink;
    slow.manner = () => true;
    const slowId = (await makeEndpoint(db, tenants.own, slow)).id;
    const deadId = (await makeEndpoint(db, tenants.own, dead)).id;
    const good = await makeEndpoint(db, tenants.own, sink);
    await startFleet();
    const ids = await endMessages(db, tenants.own, 2_000);
    await expectAll(sink, ids);
    await eventually(() => waitingOf(good.id)).toEqual(nothingWaits);
    // The slow one has had no more than its connections carry; the dead one has had a few tries and then peace.
    expect(slow.requests).toBeLessThanOrEqual(64);
    expect(await waitingOf(slowId)).toMatchObject({ fresh: 2_000 });
    const { fresh, retries } = await waitingOf(deadId);
    expect(fresh + retries).toBe(2_000);
    expect(retries).toBeLessThanOrEqual(300);
    expect((await getWebhook(owner(), { id: deadId })).failingSince).not.toBeNull();
    slow.hangUp();
  });

  it("comes back to a failing endpoint with one try, and then with everything", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(503).end());
    await startFleet();
    const ids = await endMessages(db, tenants.own, 500);
    await eventually(async () => (await getWebhook(owner(), { id })).failingSince !== null).toBe(true);
    await released(id);
    const first = sink.requests;
    await hurry(id);
    await eventually(() => sink.requests).toBe(first + 1);
    await eventually(async () => (await getWebhook(owner(), { id })).probes).toBe(1);
    const [told] = await db.sql`select name from outbox where data->>'webhookId' = ${id}`;
    expect(told).toMatchObject({ name: "webhooks/endpoint.failing" });
    await released(id);
    sink.manner = () => false;
    await hurry(id);
    await expectAll(sink, ids);
    await eventually(() => getWebhook(owner(), { id })).toMatchObject({
      failingSince: null,
      probes: 0,
      consecutiveFailures: 0,
      waiting: nothingWaits,
    });
  });

  it("gives up after eight tries what a working endpoint keeps refusing", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    const [bad = ""] = await endMessages(db, tenants.own, 1);
    sink.manner = (request, response) => {
      if (!String(request.headers["webhook-id"]).includes(bad)) return false;
      response.writeHead(422).end();
      return true;
    };
    await startFleet();
    await endMessages(db, tenants.own, 1);
    await eventually(() => waitingOf(id)).toMatchObject({ fresh: 0, retries: 1 });
    await db.sql`update webhook_retries set attempts = 7 where endpoint_id = ${id}`;
    await endMessages(db, tenants.own, 1);
    await eventually(() => sink.distinct.size).toBe(2);
    await hurry(id);
    await eventually(() => waitingOf(id)).toEqual(nothingWaits);
    const { items } = await listWebhookAttempts(owner(), { id, outcome: "given_up" });
    expect(items).toMatchObject([{ attempt: 8, statusCode: 422, messageIds: [bad] }]);
  });

  it("turns an endpoint off that says that it is gone, and keeps nothing new for it", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(410).end());
    await startFleet();
    const first = await endMessages(db, tenants.own, 1);
    await eventually(() => statusOf(id)).toBe("disabled");
    await endMessages(db, tenants.own, 10);
    expect((await waitingOf(id)).retries).toBe(1);
    sink.manner = () => false;
    await resumeWebhook(owner(), { id });
    await expectAll(sink, first);
  });

  it("waits as long as a receiver asks for", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(429, { "retry-after": "120" }).end());
    await startFleet();
    await endMessages(db, tenants.own, 1);
    await eventually(async () => (await getWebhook(owner(), { id })).retryAt !== null).toBe(true);
    const { retryAt, failingSince } = await getWebhook(owner(), { id });
    expect(failingSince).toBeNull();
    expect((retryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(100_000);
  });
});
