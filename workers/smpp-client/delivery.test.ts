/** From submit to receipt over real TCP and real Postgres: every outcome, with the ledger proven after each. */
import { describe, expect, it } from "vitest";
import { getMessage } from "#server/domain/messages/get.ts";
import { resumeTenant } from "#server/domain/tenants/resume.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  changeConnector,
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";

const db = await testDatabase(10);

const become = becomingIn(db);
const numbers = (count: number, ending?: string) => Array.from({ length: count }, () => ({ to: plainNumber(ending) }));
/** Beside acceptance and an answer that took all at once, which the message's own row tells. */
const eventsOf = async (id: string) =>
  (await db.sql`select kind from message_events where message_id = ${id} order by at, kind`).map((e) => e.kind);

describe("delivery", () => {
  it("sends, hears the receipt, settles every hop", async () => {
    const { smsc, port } = await startCarrier();
    const tree = await makeDeliveringTree(db, port);
    await startFleet(db);
    const ids = await sendFrom(db, tree, [
      ...numbers(50),
      { to: plainNumber(), text: "Chào bạn, đơn hàng của bạn đang trên đường đến. ".repeat(4) },
      { to: plainNumber(), text: "Long {text} with €. ".repeat(20), class: "otp" },
    ]);
    await become(ids, { delivered: 52 });
    const long = await db.sql<{ msisdn: string; text: string; parts: number }[]>`
      select msisdn, text, parts from messages where id = any(${ids}::uuid[]) and parts > 1`;
    const parts = long.reduce((sum, message) => sum + message.parts, 50);
    expect(smsc.memory.stats).toMatchObject({ accepted: parts, duplicates: 0 });
    for (const { msisdn, text, parts } of long) {
      const seen = smsc.memory.of(msisdn).parts.sort((a, b) => a.part - b.part);
      expect(seen).toHaveLength(parts);
      expect(seen.map((part) => part.text).join("")).toBe(text);
    }
    expect(new Set(await eventsOf(ids[0] ?? ""))).toEqual(new Set(["receipt"]));
    const { timeline } = await getMessage(contextFor(db, tree.aggregator.id), { id: ids[0] ?? "" });
    expect(new Set(timeline.map((event) => event.kind))).toEqual(new Set(["accepted", "response", "receipt"]));
    expect(timeline.find((event) => event.kind === "response")?.detail).toMatchObject({ attempt: 1 });
    expect(await db.sql`select * from send_queue`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });

  it.each([
    ["0001", "undelivered", "069"],
    ["0002", "expired", "028"],
    ["0003", "failed", "ESME_RINVDSTADR"],
    ["0004", "delivered", null],
    ["0005", "sent", null],
    ["0006", "delivered", null],
    ["0007", "delivered", null],
    ["0008", "delivered", null],
  ])("a number that ends in %s becomes %s", async (ending, status, errorCode) => {
    const { smsc, port } = await startCarrier();
    const tree = await makeDeliveringTree(db, port);
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(3, ending));
    await become(ids, { [status]: 3 });
    await eventually(() => expect(smsc.memory.stats.receiptsDue).toBe(0));
    const rows = await db.sql`select error_code from messages where id = any(${ids}::uuid[])`;
    expect(rows.map((row) => row.error_code)).toEqual([errorCode, errorCode, errorCode]);
    expect(smsc.memory.stats.duplicates).toBe(0);
    await expectCleanLedger(db, tree);
  });

  it("loses nothing and gives nothing up when three submits in ten are throttled", async () => {
    const { smsc, port } = await startCarrier({ throttlePercent: 30 });
    const tree = await makeDeliveringTree(db, port);
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(150));
    await become(ids, { delivered: 150 });
    expect(smsc.memory.stats.throttled).toBeGreaterThan(10);
    expect(smsc.memory.stats).toMatchObject({ accepted: 150, duplicates: 0 });
    await expectCleanLedger(db, tree);
  });

  it("gives up a message that the carrier cannot take, after its attempts", async () => {
    const { port } = await startCarrier({ temporaryPercent: 100 });
    const tree = await makeDeliveringTree(db, port, { maxAttempts: 2 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(3));
    await become(ids, { failed: 3 });
    await expectCleanLedger(db, tree);
  });

  it("waits for the receipt of what was on the wire when the connection was cut", async () => {
    const { smsc, port } = await startCarrier({ cutEvery: 10, receiptDelayMs: 4_000 });
    const tree = await makeDeliveringTree(db, port, { unknownPolicy: "wait", windowSize: 10 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(30));
    await eventually(() => expect(smsc.memory.stats.cuts).toBeGreaterThan(0));
    smsc.settings = { ...smsc.settings, cutEvery: 0 };
    await become(ids, { delivered: 30 });
    expect(smsc.memory.stats).toMatchObject({ accepted: 30, duplicates: 0 });
    const resolved = await db.sql`
      select distinct message_id from message_events where kind = 'resolved' and message_id = any(${ids}::uuid[])`;
    expect(resolved.length).toBeGreaterThan(0);
    expect(await db.sql`select * from send_queue`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });

  it("sends again, marked, what was on the wire, where the route says so", async () => {
    const { smsc, port } = await startCarrier({ cutEvery: 10, receiptDelayMs: 10_000 });
    const tree = await makeDeliveringTree(db, port, { unknownPolicy: "resend", windowSize: 10 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(20));
    await eventually(() => expect(smsc.memory.stats.cuts).toBeGreaterThan(0));
    smsc.settings = { ...smsc.settings, cutEvery: 0, receiptDelayMs: 20 };
    await become(ids, { delivered: 20 });
    const [{ marked } = { marked: 0 }] = await db.sql<{ marked: number }[]>`
      select count(*)::int as marked from messages where id = any(${ids}::uuid[]) and possible_duplicate`;
    expect(marked).toBeGreaterThan(0);
    const repeated = [...smsc.memory.counts()].filter(([, count]) => count > 1).map(([msisdn]) => msisdn);
    const unmarked = await db.sql`
      select id from messages where msisdn = any(${repeated}::text[]) and not possible_duplicate`;
    expect(unmarked).toEqual([]);
    await expectCleanLedger(db, tree);
  });

  it("makes unknown what a carrier never answers, asks it carefully, and ends it after the receipt time", async () => {
    const { smsc, port } = await startCarrier({ isMute: true });
    const tree = await makeDeliveringTree(db, port, { windowSize: 5, responseTimeoutMs: 300, receiptTimeoutHours: 1 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(7));
    await eventually(async () => expect((await statusesOf(db, ids)).unknown).toBe(5));
    await eventually(async () => {
      const binds = await db.sql`select last_error from connector_binds where connector_id = ${tree.connector.id}`;
      expect(binds[0]?.last_error).toBe("the carrier does not answer submits");
    });
    smsc.settings = { ...smsc.settings, isMute: false };
    await become(ids, { unknown: 5, delivered: 2 });
    await db.sql`update send_queue set leased_at = leased_at - interval '2 hours'`;
    await become(ids, { failed: 5, delivered: 2 });
    await expectCleanLedger(db, tree);
  });

  it("holds the traffic of a suspended tenant's subtree, and sends it when resumed", async () => {
    const { smsc, port } = await startCarrier();
    const tree = await makeDeliveringTree(db, port);
    const ids = await sendFrom(db, tree, numbers(5));
    await suspendTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id, reason: "invoice overdue" });
    await startFleet(db);
    await eventually(() => expect(smsc.memory.stats.binds).toBe(1));
    await eventually(async () => {
      const [bind] = await db.sql`select state from connector_binds where connector_id = ${tree.connector.id}`;
      expect(bind?.state).toBe("bound");
    });
    expect(await statusesOf(db, ids)).toEqual({ queued: 5 });
    expect(smsc.memory.stats.submits).toBe(0);
    await resumeTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id });
    await become(ids, { delivered: 5 });
  });

  it("shows why a bind is refused, and binds when the settings are put right", async () => {
    const { smsc, port } = await startCarrier();
    const tree = await makeDeliveringTree(db, port);
    smsc.settings = { ...smsc.settings, refusesBinds: true };
    await startFleet(db);
    const bind = async () =>
      (await db.sql`select state, last_error from connector_binds where connector_id = ${tree.connector.id}`)[0];
    await eventually(async () =>
      expect(await bind()).toEqual({ state: "waiting", last_error: "the carrier refused the bind: ESME_RBINDFAIL" }),
    );
    smsc.settings = { ...smsc.settings, refusesBinds: false };
    await changeConnector(db, tree.connector.id, { bindCount: 2, bindMode: "transmitter_receiver" });
    await eventually(() => expect(smsc.boundSessions).toBe(4));
    const ids = await sendFrom(db, tree, numbers(5));
    await become(ids, { delivered: 5 });
  });

  it("keeps to the carrier's rate", async () => {
    const { smsc, port } = await startCarrier({ maxPerSecond: 120 });
    const tree = await makeDeliveringTree(db, port, { maxPerSecond: 100 });
    await startFleet(db);
    const fromMs = performance.now();
    const ids = await sendFrom(db, tree, numbers(200));
    await become(ids, { delivered: 200 });
    // A slow machine takes longer, and none takes less: nothing is saved up but a twentieth of a second.
    expect(performance.now() - fromMs).toBeGreaterThan(1_500);
    expect(smsc.memory.stats.throttled).toBe(0);
  });
});
