/** The webhook worker against receivers on real sockets: good, slow, dead, hostile, and gone for good. */
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { pauseWebhook, resumeWebhook } from "#server/domain/webhooks/change-status.ts";
import { getWebhook, listWebhookAttempts } from "#server/domain/webhooks/list.ts";
import { rotateWebhookSecret } from "#server/domain/webhooks/rotate-secret.ts";
import { updateWebhook } from "#server/domain/webhooks/update.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { endMessages, eventIdsOf, makeEndpoint, openSink, type Sink } from "#tests/webhooks.ts";
import { type FleetOptions, WebhookFleet } from "#workers/webhooks/fleet.ts";
import { workerLimits } from "#workers/webhooks/share.ts";

const db = await testDatabase(12);
let tenantId = "";
let otherId = "";

beforeEach(async () => {
  await db.sql`update webhook_endpoints set status = 'deleted'`;
  const tree = await makeTree(db);
  tenantId = tree.partner.id;
  otherId = tree.sibling.id;
});

const owner = () => contextFor(db, tenantId);

async function startFleet(options?: FleetOptions): Promise<WebhookFleet> {
  const fleet = new WebhookFleet(db, options);
  onTestFinished(() => fleet.stop());
  await fleet.start();
  return fleet;
}

const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read);
const waitingOf = async (id: string) => (await getWebhook(owner(), { id })).waiting;
const statusOf = async (id: string) => (await getWebhook(owner(), { id })).status;
const nothing = { fresh: 0, retries: 0, oldestAt: null };
const sorted = (values: Iterable<string>) => [...values].sort();

/** As if the time of the next tries had come. */
async function hurry(id: string): Promise<void> {
  await db.sql`update webhook_retries set ready_at = now() where endpoint_id = ${id}`;
  await db.sql`update webhook_endpoints set retry_at = now() where id = ${id} and retry_at is not null`;
}

/** Nothing of it is under way any more. */
const released = (id: string) =>
  eventually(async () => {
    const [row] = await db.sql`select lease_owner from webhook_endpoints where id = ${id}`;
    return row?.lease_owner;
  }).toBeNull();

const expectAll = async (sink: Sink, ids: readonly string[]) => {
  await eventually(() => sink.distinct.size).toBe(ids.length);
  expect(sorted(sink.distinct)).toEqual(sorted(eventIdsOf(ids)));
};

describe("the webhook worker", () => {
  it("tells of every message once, signed, over few connections, and leaves nothing in the queue", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    const before = await endMessages(db, tenantId, 300);
    await startFleet();
    const ids = [...before, ...(await endMessages(db, tenantId, 300))];
    await expectAll(sink, ids);
    await eventually(() => waitingOf(id)).toEqual(nothing);
    expect(sink).toMatchObject({ forged: 0, requests: 600 });
    expect(sink.events).toHaveLength(600);
    expect(sink.connections).toBeLessThanOrEqual(64);
    expect(sink.events[0]).toMatchObject({
      type: "message.delivered",
      data: { status: "delivered", to: "84912345678", sender: "ACME", parts: 1, errorCode: null },
    });
    const { items } = await listWebhookAttempts(owner(), { id });
    expect(items.reduce((sum, row) => sum + row.events, 0)).toBe(600);
    // Those that ended together share a row; how many do depends on how fast they come.
    expect(items.length).toBeLessThan(400);
  });

  it("sends lists to those who asked for them, each event under its own id", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink, { batchSize: 100 });
    await startFleet();
    const ids = await endMessages(db, tenantId, 1_050);
    await expectAll(sink, ids);
    expect(sink.requests).toBe(11);
    await eventually(() => waitingOf(id)).toEqual(nothing);
  });

  it("tells only of what was subscribed to, and nobody of another's messages", async () => {
    const sink = await openSink();
    await makeEndpoint(db, tenantId, sink, { events: ["message.failed"] });
    await startFleet();
    await endMessages(db, otherId, 5, "failed");
    await endMessages(db, tenantId, 5, "delivered");
    const [failed = ""] = await endMessages(db, tenantId, 1, "failed");
    await eventually(() => sink.distinct.size).toBe(1);
    expect(sink.events.map(({ data }) => data.id)).toEqual([failed]);
  });

  it("tries again what was refused, under the same id, until it is taken", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    const refusedIds: string[] = [];
    sink.manner = (request, response, count) => {
      if (count % 3 !== 0) return false;
      refusedIds.push(String(request.headers["webhook-id"]));
      response.writeHead(500).end("no");
      return true;
    };
    await startFleet();
    const ids = await endMessages(db, tenantId, 90);
    await eventually(() => waitingOf(id)).toMatchObject({ fresh: 0, retries: 30 });
    sink.manner = () => false;
    await hurry(id);
    await expectAll(sink, ids);
    await eventually(() => waitingOf(id)).toEqual(nothing);
    expect(refusedIds.every((eventId) => sink.distinct.has(eventId))).toBe(true);
    const { items } = await listWebhookAttempts(owner(), { id, outcome: "retried" });
    expect(items).toHaveLength(30);
    expect(items[0]).toMatchObject({ statusCode: 500, error: "status", attempt: 1, events: 1 });
  });

  it("counts answers that break off, redirects and silence as failures, and follows no redirect", async () => {
    const other = await openSink();
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
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
    const ids = await endMessages(db, tenantId, 40);
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
    const slowId = (await makeEndpoint(db, tenantId, slow)).id;
    const deadId = (await makeEndpoint(db, tenantId, dead)).id;
    const good = await makeEndpoint(db, tenantId, sink);
    await startFleet();
    const ids = await endMessages(db, tenantId, 2_000);
    await expectAll(sink, ids);
    await eventually(() => waitingOf(good.id)).toEqual(nothing);
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
    const { id } = await makeEndpoint(db, tenantId, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(503).end());
    await startFleet();
    const ids = await endMessages(db, tenantId, 500);
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
      waiting: nothing,
    });
  });

  it("gives up after eight tries what a working endpoint keeps refusing", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    const [bad = ""] = await endMessages(db, tenantId, 1);
    sink.manner = (request, response) => {
      if (!String(request.headers["webhook-id"]).includes(bad)) return false;
      response.writeHead(422).end();
      return true;
    };
    await startFleet();
    await endMessages(db, tenantId, 1);
    await eventually(() => waitingOf(id)).toMatchObject({ fresh: 0, retries: 1 });
    await db.sql`update webhook_retries set attempts = 7 where endpoint_id = ${id}`;
    await endMessages(db, tenantId, 1);
    await eventually(() => sink.distinct.size).toBe(2);
    await hurry(id);
    await eventually(() => waitingOf(id)).toEqual(nothing);
    const { items } = await listWebhookAttempts(owner(), { id, outcome: "given_up" });
    expect(items).toMatchObject([{ attempt: 8, statusCode: 422, messageIds: [bad] }]);
  });

  it("turns an endpoint off that says that it is gone, and keeps nothing new for it", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(410).end());
    await startFleet();
    const first = await endMessages(db, tenantId, 1);
    await eventually(() => statusOf(id)).toBe("disabled");
    await endMessages(db, tenantId, 10);
    expect((await waitingOf(id)).retries).toBe(1);
    sink.manner = () => false;
    await resumeWebhook(owner(), { id });
    await expectAll(sink, first);
  });

  it("waits as long as a receiver asks for", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    sink.manner = (_request, response) => Boolean(response.writeHead(429, { "retry-after": "120" }).end());
    await startFleet();
    await endMessages(db, tenantId, 1);
    await eventually(async () => (await getWebhook(owner(), { id })).retryAt !== null).toBe(true);
    const { retryAt, failingSince } = await getWebhook(owner(), { id });
    expect(failingSince).toBeNull();
    expect((retryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(100_000);
  });

  it("signs with the old and the new secret for a day, and follows a changed address at once", async () => {
    const sink = await openSink();
    const { id, secret: old } = await makeEndpoint(db, tenantId, sink);
    await startFleet();
    const { secret: fresh } = await rotateWebhookSecret(owner(), { id });
    sink.secrets = [old ?? "", fresh ?? ""];
    await endMessages(db, tenantId, 20);
    await eventually(() => sink.distinct.size).toBe(20);
    expect(sink.forged).toBe(0);
    await updateWebhook(owner(), { id, url: `${sink.url}/moved?to=here` });
    await endMessages(db, tenantId, 20);
    await eventually(() => sink.events.filter(({ path }) => path === "/moved?to=here").length).toBe(20);
    await db.sql`update webhook_endpoints set previous_secrets = '[]' where id = ${id}`;
    await updateWebhook(owner(), { id, description: "changed" });
    sink.secrets = [fresh ?? ""];
    await endMessages(db, tenantId, 1);
    await eventually(() => sink.distinct.size).toBe(41);
  });

  it("keeps events while it is paused", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenantId, sink);
    await startFleet();
    await pauseWebhook(owner(), { id });
    const ids = await endMessages(db, tenantId, 10);
    expect(await waitingOf(id)).toMatchObject({ fresh: 10 });
    expect(sink.requests).toBe(0);
    await resumeWebhook(owner(), { id });
    await expectAll(sink, ids);
  });

  it("reaches no private address by any spelling, nor by a name that leads there since it was saved", async () => {
    const sink = await openSink();
    const port = Number(new URL(sink.url).port);
    const urls = ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::ffff:127.0.0.1]", "rebound.example"];
    const made = await Promise.all(
      urls.map(async (host) => {
        const { id } = await makeEndpoint(db, tenantId, sink);
        await db.sql`update webhook_endpoints set url = ${`http://${host}:${port}/`} where id = ${id}`;
        return id;
      }),
    );
    const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
    await startFleet({ guard: { allowed: [], resolve } });
    await endMessages(db, tenantId, 3);
    await eventually(async () => {
      const states = await Promise.all(made.map(async (id) => (await getWebhook(owner(), { id })).lastError));
      return states.every((error) => error === "host_not_allowed");
    }).toBe(true);
    expect(sink.connections).toBe(0);
  });

  it("shares endpoints between two workers, gives each its turn, and takes over from one that stops", async () => {
    const sinks = await Promise.all(Array.from({ length: 6 }, () => openSink()));
    for (const sink of sinks) await makeEndpoint(db, tenantId, sink);
    const limits = { ...workerLimits, endpoints: 2 };
    const one = await startFleet({ limits });
    await startFleet({ limits });
    const ids = await endMessages(db, tenantId, 100);
    await Promise.all(sinks.map((sink) => expectAll(sink, ids)));
    await one.stop();
    const more = await endMessages(db, tenantId, 100);
    await Promise.all(sinks.map((sink) => expectAll(sink, [...ids, ...more])));
  });
});
