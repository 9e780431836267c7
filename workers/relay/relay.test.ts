/** The relay against a real engine: every event arrives once, whatever fails on the way. */
import { Inngest } from "inngest";
import { beforeEach, describe, expect, it } from "vitest";
import { derivedId, newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { keys, place, silent, startServer, until } from "#tests/workflow/harness.ts";
import { forwarder } from "./forward.ts";
import { startRelay } from "./relay.ts";

const db = await testDatabase();
const at = await place("relay");
const now = () => new Date();
const send = (events: { id: string; name: string; data: Record<string, unknown>; ts: number }[]) =>
  at.client.send(events);
const tenantId = newId();

async function put(count: number, name = "t/happened", data: Record<string, unknown> = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await db.asSystem(async (tx) => {
    for (const [n, id] of ids.entries()) {
      await tx.sql`
        insert into outbox (id, tenant_id, name, data) values (${id}, ${tenantId}, ${name}, ${JSON.stringify({ n, ...data })}::jsonb)`;
    }
  });
  return ids;
}

const arrived = async () =>
  (await db.sql<{ payload: { id: string; data: Record<string, unknown> } }[]>`select payload from workflow_events`).map(
    ({ payload }) => payload,
  );
const unsentCount = async () => (await db.sql`select 1 from outbox where sent_at is null`).length;

beforeEach(async () => {
  await db.sql`delete from outbox`;
  await db.sql`delete from workflow_events`;
});

describe("the relay", () => {
  it("hands events over under their own ids, in batches, with the tenant in the data", async () => {
    const server = await startServer(db, at);
    const ids = await put(450);
    const { pass } = forwarder(db, send, now);
    expect([await pass(), await pass(), await pass(), await pass()]).toEqual([true, true, false, false]);
    const events = await arrived();
    expect(events.map((event) => event.id).sort()).toEqual(ids);
    expect(events[0]?.data).toMatchObject({ tenantId });
    expect(await unsentCount()).toBe(0);
    await server.close();
  });

  it("keeps them while the engine is away, and sends twice without effect", async () => {
    await put(3);
    const { pass } = forwarder(db, send, now);
    await expect(pass()).rejects.toThrow();
    expect(await unsentCount()).toBe(3);
    const server = await startServer(db, at);
    await pass();
    // As after a crash between sending and marking.
    await db.sql`update outbox set sent_at = null`;
    await pass();
    expect((await arrived()).length).toBe(3);
    expect(await unsentCount()).toBe(0);
    await server.close();
  });

  it("keeps them with a wrong key", async () => {
    const server = await startServer(db, at);
    await put(1);
    const stranger = new Inngest({
      id: "x",
      baseUrl: at.url,
      isDev: false,
      logger: silent,
      ...keys,
      eventKey: "another-key",
    });
    await expect(forwarder(db, (events) => stranger.send(events), now).pass()).rejects.toThrow();
    expect(await unsentCount()).toBe(1);
    await server.close();
  });

  it("does not let an event that is refused hold up the others", async () => {
    const server = await startServer(db, at);
    await put(2);
    await put(1, "inngest/forged");
    await put(2);
    const { pass } = forwarder(db, send, now);
    await pass();
    expect((await arrived()).length).toBe(4);
    expect(await unsentCount()).toBe(1);
    expect(await pass()).toBe(false);
    await server.close();
  });

  it("removes what was sent three days ago, and nothing else", async () => {
    const fourDaysAgo = Date.now() - 4 * 86_400_000;
    const [old, young, unsent] = [derivedId(fourDaysAgo, "a", 1), newId(), derivedId(fourDaysAgo, "a", 2)];
    for (const [id, sentAt] of [
      [old, new Date(Date.now() - 3.5 * 86_400_000)],
      [young, new Date()],
      [unsent, null],
    ] as const) {
      await db.sql`
        insert into outbox (id, tenant_id, name, data, sent_at) values (${id}, ${tenantId}, 't/x', '{}', ${sentAt})`;
    }
    expect(await forwarder(db, send, now).prune()).toBe(false);
    const left = await db.sql<{ id: string }[]>`select id from outbox`;
    expect(left.map((row) => row.id).sort()).toEqual([young, unsent].sort());
  });

  it("is woken by the commit, goes on after the engine was away, and keeps partitions ahead", async () => {
    const relay = await startRelay(db, send, now);
    await put(1);
    await until("the relay notices that the engine is away", () => !relay.isHealthy());
    const server = await startServer(db, at);
    await until("the event arrives", async () => (await arrived()).length === 1);
    await put(1);
    await until("the next one too", async () => (await arrived()).length === 2);
    expect(relay.isHealthy()).toBe(true);
    await relay.close();
    await server.close();
    const ahead = await db.sql`
      select to_regclass('messages_' || to_char((now() at time zone 'UTC')::date + 7, 'YYYYMMDD')) is not null as there`;
    expect(ahead[0]?.there).toBe(true);
  });
});
