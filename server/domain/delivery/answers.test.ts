/** What follows from each answer of a carrier, and from none; the same answers again change nothing. */
import { describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { releaseConnector } from "#server/domain/delivery/hold-connectors.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { recoverLeases } from "#server/domain/delivery/recover-leases.ts";
import type { MessageResult } from "#server/domain/delivery/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, statusesOf } from "#tests/delivering.ts";
import { accepted, later, lease, lost, refused, WorkerByHand } from "#tests/worker-by-hand.ts";

const db = await testDatabase();
const worker = new WorkerByHand(db);
const { owner } = worker;

describe("answers", () => {
  it("send, fail, or bring back; the same answers again change nothing", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene({ maxAttempts: 2 });
    const [a = "", b = "", c = "", d = "", e = ""] = await worker.submit(tree.subaccount.id, [{}, {}, {}, {}, {}]);
    await take();
    const results = [
      worker.answer(a, accepted("00AB")),
      worker.answer(b, refused("fail")),
      worker.answer(c, refused("throttle")),
      worker.answer(d, refused("retry_later")),
      worker.answer(e, { partNumber: 1, kind: "unsent", why: "not bound" }),
    ];
    for (const _ of [1, 2]) await recordResponses(ctx, { connectorId, owner, results });
    expect(await statusesOf(db, [a, b, c, d, e])).toEqual({ sent: 1, failed: 1, queued: 3 });
    expect(await worker.queueOf(c)).toMatchObject([{ lease_owner: null, attempts: 0, waits: true }]);
    expect(await worker.queueOf(d)).toMatchObject([{ lease_owner: null, attempts: 1, waits: true }]);
    expect(await worker.queueOf(e)).toMatchObject([{ lease_owner: null, attempts: 0, waits: false }]);
    const refs = await db.sql`select carrier_id from carrier_refs where message_id = ${a}`;
    expect(refs).toMatchObject([{ carrier_id: "ab" }]);
    await db.sql`update send_queue set ready_at = now() - interval '1 second' where message_id = ${d}`;
    const before = worker.answer(d, refused("retry_later"));
    await take();
    await recordResponses(ctx, { connectorId, owner, results: [before] });
    expect(await worker.queueOf(d)).toMatchObject([{ lease_owner: owner, attempts: 1 }]);
    await recordResponses(ctx, { connectorId, owner, results: [worker.answer(d, refused("retry_later"))] });
    expect(await statusesOf(db, [d])).toEqual({ failed: 1 });
    await expectCleanLedger(db, tree);
  });

  it("that are lost wait, or are sent again and marked, as the route says; a late answer settles them", async () => {
    const waiting = await worker.scene({ unknownPolicy: "wait" });
    const [w = ""] = await worker.submit(waiting.tree.subaccount.id);
    await waiting.take();
    const to = { connectorId: waiting.connectorId, owner };
    for (const _ of [1, 2]) await recordResponses(waiting.ctx, { ...to, results: [worker.answer(w, lost)] });
    expect(await statusesOf(db, [w])).toEqual({ unknown: 1 });
    expect(await worker.queueOf(w)).toMatchObject([{ lease_owner: "unknown" }]);
    expect(await waiting.take()).toEqual([]);
    await recordResponses(waiting.ctx, { ...to, results: [worker.answer(w, accepted("late"))] });
    expect(await statusesOf(db, [w])).toEqual({ sent: 1 });
    expect(await worker.queueOf(w)).toEqual([]);

    const again = await worker.scene({ unknownPolicy: "resend" });
    const [r = ""] = await worker.submit(again.tree.subaccount.id);
    await again.take();
    await recordResponses(again.ctx, { connectorId: again.connectorId, owner, results: [worker.answer(r, lost)] });
    const [row] = await db.sql`select status, possible_duplicate from messages where id = ${r}`;
    expect(row).toEqual({ status: "queued", possible_duplicate: true });
    expect(await worker.queueOf(r)).toMatchObject([{ lease_owner: null, attempts: 1, waits: true }]);
    await expectCleanLedger(db, again.tree);
  });

  it("that refuse what was sent again, or come too late for it, leave the first attempt to its receipt", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene({ unknownPolicy: "resend" });
    const ids = await worker.submit(tree.subaccount.id, [{}, { validityMinutes: 5 }, {}]);
    const [refusedAgain = "", overdue = "", late = ""] = ids;
    const record = (context: Context, results: MessageResult[]) =>
      recordResponses(context, { connectorId, owner, results });
    await take();
    await record(
      ctx,
      ids.map((id) => worker.answer(id, lost)),
    );
    // The only attempt was refused after all: nothing of it can be at the carrier.
    await record(ctx, [worker.answer(late, refused("fail"))]);
    expect(await statusesOf(db, ids)).toEqual({ queued: 2, failed: 1 });
    await db.sql`update send_queue set ready_at = now() - interval '1 second' where message_id = ${refusedAgain}`;
    expect((await take()).map((message) => message.id)).toEqual([refusedAgain]);
    await record(ctx, [worker.answer(refusedAgain, refused("fail"))]);
    await expireQueued(later(ctx, 600_000));
    expect(await statusesOf(db, [refusedAgain, overdue])).toEqual({ unknown: 2 });
    expect(await worker.queueOf(refusedAgain)).toMatchObject([{ lease_owner: "unknown" }]);
    await record(ctx, [worker.answer(overdue, accepted("81"))]);
    await recordReceipts(ctx, { connectorId, receipts: [await worker.receiptOf(overdue, { carrierId: "81" })] });
    expect(await statusesOf(db, [overdue])).toEqual({ delivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("of a worker that died are unknown for the next one, and never claimed again", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene();
    const ids = await worker.submit(tree.subaccount.id, [{}, {}]);
    await take();
    const heir = newId();
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(0);
    await releaseConnector(ctx, { connectorId, owner });
    await lease(ctx, { connectorId, owner: heir, ttlMs: 60_000 });
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(2);
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(0);
    expect(await statusesOf(db, ids)).toEqual({ unknown: 2 });
    expect(await claim(ctx, { connectorId, owner: heir, limit: 10 })).toEqual([]);
  });
});
