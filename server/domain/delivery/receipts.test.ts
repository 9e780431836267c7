/** Receipts: forward only, part by part, and what follows when they never come. */
import { describe, expect, it } from "vitest";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { expireSilent } from "#server/domain/delivery/expire-silent.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import type { IncomingReceipt } from "#server/domain/delivery/work.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, statusesOf } from "#tests/delivering.ts";
import { later, lost, WorkerByHand } from "#tests/worker-by-hand.ts";

const db = await testDatabase();
const worker = new WorkerByHand(db);
const { owner } = worker;

describe("receipts", () => {
  it("move forward only, and once", async () => {
    const { tree, ctx, connectorId } = await worker.scene();
    const id = await worker.sent({ tree, ctx, connectorId }, ["1001"]);
    const receive = async (state: IncomingReceipt["state"]) =>
      recordReceipts(ctx, { connectorId, receipts: [await worker.receiptOf(id, { carrierId: "1001", state })] });
    await receive("ENROUTE");
    expect(await statusesOf(db, [id])).toEqual({ sent: 1 });
    await receive("DELIVRD");
    await receive("DELIVRD");
    await receive("UNDELIV");
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    const events =
      await db.sql`select detail->>'state' as state from message_events where message_id = ${id} and kind = 'receipt'`;
    expect(events.map((event) => event.state).sort()).toEqual(["DELIVRD", "ENROUTE"]);
    await expectCleanLedger(db, tree);
  });

  it("end a long message when all of its parts have theirs, or when one failed", async () => {
    const { tree, ctx, connectorId } = await worker.scene();
    const text = "A text of two parts, which is a little longer than fits into one. ".repeat(4);
    const good = await worker.sent({ tree, ctx, connectorId }, ["g1", "g2"], text);
    const bad = await worker.sent({ tree, ctx, connectorId }, ["b1", "b2"], text);
    await recordReceipts(ctx, { connectorId, receipts: [await worker.receiptOf(good, { carrierId: "g1" })] });
    expect(await statusesOf(db, [good])).toEqual({ sent: 1 });
    await recordReceipts(ctx, {
      connectorId,
      receipts: [
        await worker.receiptOf(good, { carrierId: "g2" }),
        await worker.receiptOf(bad, { carrierId: "b2", state: "UNDELIV", errorCode: "5" }),
        await worker.receiptOf(bad, { carrierId: "b1" }),
      ],
    });
    expect(await statusesOf(db, [good])).toEqual({ delivered: 1 });
    expect(await statusesOf(db, [bad])).toEqual({ undelivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("of every kind come in one batch: plain, of a part, repeated, of ids that nobody has", async () => {
    const { tree, ctx, connectorId } = await worker.scene();
    const text = "A text of two parts, which is a little longer than fits into one. ".repeat(4);
    const plain = await worker.sent({ tree, ctx, connectorId }, ["p 1"]);
    const ended = await worker.sent({ tree, ctx, connectorId }, ["e1"]);
    const long = await worker.sent({ tree, ctx, connectorId }, ["l1", "l2"], text);
    const of = (id: string, carrierId: string, state: IncomingReceipt["state"] = "DELIVRD") =>
      worker.receiptOf(id, { carrierId, state });
    const receive = async (...receipts: IncomingReceipt[]) =>
      recordReceipts(ctx, { connectorId, receipts, notation: "same" });
    await receive(await of(ended, "e1", "UNDELIV"));
    const batch = [
      await of(long, "l2"),
      await of(plain, "p 1", "ACCEPTD"),
      await of(ended, "e1"),
      await of(plain, "P 1"),
      await of(plain, "p\n1"),
      await of(long, "l1"),
      // Another handset's, with an id that is used again.
      { ...(await of(plain, "p 1")), msisdn: "84900000000" },
    ];
    expect(await receive(...batch)).toEqual({ matched: 5, parked: 2 });
    expect(await statusesOf(db, [plain, long])).toEqual({ delivered: 2 });
    expect(await statusesOf(db, [ended])).toEqual({ undelivered: 1 });
    await receive(...batch);
    const events = await db.sql`select kind from message_events where message_id = ${plain} and kind = 'receipt'`;
    expect(events).toHaveLength(2);
    await expectCleanLedger(db, tree);
  });

  it("of two parts at the same moment end the message, whichever is written last", async () => {
    const { tree, ctx, connectorId } = await worker.scene();
    const text = "Two parts, a little longer than fits into one. ".repeat(5);
    const id = await worker.sent({ tree, ctx, connectorId }, ["s1", "s2"], text);
    const receive = async (carrierId: string) =>
      recordReceipts(ctx, { connectorId, receipts: [await worker.receiptOf(id, { carrierId })] });
    const waiting = async () => {
      const here = db.sql`select pid from pg_stat_activity where datname = current_database()`;
      return (await db.sql`select 1 from pg_locks where not granted and pid in (${here})`).length;
    };
    const received = await db.sql.begin(async (sql) => {
      await sql`select 1 from messages where id = ${id} for update`;
      const both = Promise.all([receive("s1"), receive("s2")]);
      await expect.poll(waiting).toBe(2);
      return { both };
    });
    await received.both;
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("that never come end the wait: unknown is given back, taken messages are expired", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene({ receiptTimeoutHours: 2 });
    const taken = await worker.sent({ tree, ctx, connectorId }, ["3001"]);
    const [unknown = "", queued = ""] = await worker.submit(tree.subaccount.id, [{}, { validityMinutes: 5 }]);
    await db.sql`update send_queue set is_held = true where message_id = ${queued}`;
    await take();
    await recordResponses(ctx, {
      connectorId,
      owner,
      results: [worker.answer(unknown, lost)],
    });
    expect(await expireQueued(ctx)).toEqual({ expired: 0, givenUp: 0 });
    expect(await expireSilent(ctx, { connectorId, lookBackHours: 24 })).toBe(0);
    const then = later(ctx, 2.1 * 3_600_000);
    expect(await expireQueued(then)).toMatchObject({ givenUp: 1 });
    expect(await expireSilent(then, { connectorId, lookBackHours: 24 })).toBe(1);
    expect(await expireSilent(then, { connectorId, lookBackHours: 24 })).toBe(0);
    expect(await statusesOf(db, [taken, unknown, queued])).toEqual({ expired: 2, failed: 1 });
    await expectCleanLedger(db, tree);
  });
});
