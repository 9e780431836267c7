/** The webhook worker against receivers on real sockets: what they are told, how often, signed, and over which ways. */
import { describe, expect, it } from "vitest";
import { pauseWebhook, resumeWebhook } from "#server/domain/webhooks/change-status.ts";
import { getWebhook, listWebhookAttempts } from "#server/domain/webhooks/list.ts";
import { rotateWebhookSecret } from "#server/domain/webhooks/rotate-secret.ts";
import { updateWebhook } from "#server/domain/webhooks/update.ts";
import { testDatabase } from "#tests/database.ts";
import { eventually, expectAll, fleetOn, nothingWaits } from "#tests/webhook-fleet.ts";
import { endMessages, makeEndpoint, openSink } from "#tests/webhooks.ts";
import { workerLimits } from "#workers/webhooks/share.ts";

const db = await testDatabase(12);
const { tenants, owner, startFleet, waitingOf } = fleetOn(db);

describe("the webhook worker", () => {
  it("tells of every message once, signed, over few connections, and leaves nothing in the queue", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    const before = await endMessages(db, tenants.own, 300);
    await startFleet();
    const ids = [...before, ...(await endMessages(db, tenants.own, 300))];
    await expectAll(sink, ids);
    await eventually(() => waitingOf(id)).toEqual(nothingWaits);
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
    const { id } = await makeEndpoint(db, tenants.own, sink, { batchSize: 100 });
    await startFleet();
    const ids = await endMessages(db, tenants.own, 1_050);
    await expectAll(sink, ids);
    expect(sink.requests).toBe(11);
    await eventually(() => waitingOf(id)).toEqual(nothingWaits);
  });

  it("tells only of what was subscribed to, and nobody of another's messages", async () => {
    const sink = await openSink();
    await makeEndpoint(db, tenants.own, sink, { events: ["message.failed"] });
    await startFleet();
    await endMessages(db, tenants.other, 5, "failed");
    await endMessages(db, tenants.own, 5, "delivered");
    const [failed = ""] = await endMessages(db, tenants.own, 1, "failed");
    await eventually(() => sink.distinct.size).toBe(1);
    expect(sink.events.map(({ data }) => data.id)).toEqual([failed]);
  });

  it("signs with the old and the new secret for a day, and follows a changed address at once", async () => {
    const sink = await openSink();
    const { id, secret: old } = await makeEndpoint(db, tenants.own, sink);
    await startFleet();
    const { secret: fresh } = await rotateWebhookSecret(owner(), { id });
    sink.secrets = [old ?? "", fresh ?? ""];
    await endMessages(db, tenants.own, 20);
    await eventually(() => sink.distinct.size).toBe(20);
    expect(sink.forged).toBe(0);
    await updateWebhook(owner(), { id, url: `${sink.url}/moved?to=here` });
    await endMessages(db, tenants.own, 20);
    await eventually(() => sink.events.filter(({ path }) => path === "/moved?to=here").length).toBe(20);
    await db.sql`update webhook_endpoints set previous_secrets = '[]' where id = ${id}`;
    await updateWebhook(owner(), { id, description: "changed" });
    sink.secrets = [fresh ?? ""];
    await endMessages(db, tenants.own, 1);
    await eventually(() => sink.distinct.size).toBe(41);
  });

  it("keeps events while it is paused", async () => {
    const sink = await openSink();
    const { id } = await makeEndpoint(db, tenants.own, sink);
    await startFleet();
    await pauseWebhook(owner(), { id });
    const ids = await endMessages(db, tenants.own, 10);
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
        const { id } = await makeEndpoint(db, tenants.own, sink);
        await db.sql`update webhook_endpoints set url = ${`http://${host}:${port}/`} where id = ${id}`;
        return id;
      }),
    );
    const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
    await startFleet({ guard: { allowed: [], resolve } });
    await endMessages(db, tenants.own, 3);
    await eventually(async () => {
      const states = await Promise.all(made.map(async (id) => (await getWebhook(owner(), { id })).lastError));
      return states.every((error) => error === "host_not_allowed");
    }).toBe(true);
    expect(sink.connections).toBe(0);
  });

  it("shares endpoints between two workers, gives each its turn, and takes over from one that stops", async () => {
    const sinks = await Promise.all(Array.from({ length: 6 }, () => openSink()));
    for (const sink of sinks) await makeEndpoint(db, tenants.own, sink);
    const limits = { ...workerLimits, endpoints: 2 };
    const one = await startFleet({ limits });
    await startFleet({ limits });
    const ids = await endMessages(db, tenants.own, 100);
    await Promise.all(sinks.map((sink) => expectAll(sink, ids)));
    await one.stop();
    const more = await endMessages(db, tenants.own, 100);
    await Promise.all(sinks.map((sink) => expectAll(sink, [...ids, ...more])));
  });
});
