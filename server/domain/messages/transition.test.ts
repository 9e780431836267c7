/** Transitions: forward only, money and counters follow, and the ledger agrees after any sequence of moves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prove } from "#server/domain/ledger/prove.ts";
import { type ChargeStage, chargeStage } from "#server/domain/ledger/stage.ts";
import { messageStatus } from "#server/domain/messages/input.ts";
import { isFinal } from "#server/domain/messages/lifecycle.ts";
import { applyTransitions, type Transition } from "#server/domain/messages/transition.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, type SendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

const apply = (tree: SendingTree, transitions: Transition[]) =>
  asSystem(contextFor(db, tree.aggregator.id), (ctx) => applyTransitions(ctx, transitions));
const statusOf = async (id: string) => (await db.sql`select * from messages where id = ${id}`)[0];
const totals = async (tree: SendingTree) =>
  (
    await db.sql<Record<string, number>[]>`
      select sum(accepted_count)::int as accepted, sum(sent_count)::int as sent, sum(delivered_count)::int as delivered,
        sum(failed_count)::int as failed, sum(unknown_count)::int as unknown, sum(accepted_parts)::int as parts,
        sum(held_parts)::int as held, sum(carried_parts)::int as carried, sum(settled_parts)::int as settled,
        sum(voided_parts)::int as voided, sum(lapsed_parts)::int as lapsed
      from report_deltas where tenant_id = ${tree.subaccount.id}`
  )[0];

describe("applyTransitions", () => {
  it("moves forward once, and skips what goes back, repeats or does not exist", async () => {
    const tree = await makeSendingTree(db);
    const item = itemOf();
    await send(contextFor(db, tree.subaccount.id), [item]);
    const messageId = item.id;
    const first = await apply(tree, [
      { messageId, status: "sending" },
      { messageId, status: "sent", event: { kind: "response", partNumber: 1, detail: { carrierId: "abc" } } },
      { messageId: newId(), status: "sent" },
    ]);
    expect(first.map((r) => r.changed)).toEqual([true, true, false]);
    const second = await apply(tree, [
      { messageId, status: "delivered", event: { kind: "receipt", partNumber: 1, detail: {} } },
      { messageId, status: "delivered", event: { kind: "receipt", partNumber: 1, detail: {} } },
      { messageId, status: "undelivered" },
      { messageId, status: "sent" },
    ]);
    expect(second.map((r) => r.changed)).toEqual([true, false, false, false]);
    expect(await statusOf(messageId)).toMatchObject({ status: "delivered", charge_stage: chargeStage.settled });
    const events = await db.sql`select kind from message_events where message_id = ${messageId} order by at`;
    expect(events.map((e) => e.kind)).toEqual(["response", "receipt"]);
    expect(await totals(tree)).toMatchObject({ accepted: 1, sent: 1, delivered: 1, failed: 0, held: 0, settled: 1 });
  });

  it("queues a receipt for the SMPP account that asked for one, when the message ends and once", async () => {
    const tree = await makeSendingTree(db);
    const account = { type: "bind" as const, id: newId(), name: "account" };
    const items = [
      itemOf(),
      itemOf({ receipt: "on_failure" }),
      itemOf({ receipt: "on_failure" }),
      itemOf({ receipt: false }),
    ];
    await send({ ...contextFor(db, tree.subaccount.id), actor: account }, items, { source: "smpp" });
    const [always = "", good = "", bad = "", never = ""] = items.map((item) => item.id);
    const sent = [always, good, bad, never].map((messageId) => ({ messageId, status: "sent" as const }));
    await apply(tree, sent);
    const ends: Transition[] = [
      ...[always, good, never].map((messageId) => ({ messageId, status: "delivered" as const })),
      { messageId: bad, status: "undelivered", errorCode: "012" },
    ];
    for (const _ of [1, 2]) await apply(tree, ends);
    const rows = await db.sql`
      select channel, receiver_id, message_id, status, error_code from outgoing_receipts
      where tenant_id = ${tree.subaccount.id} order by id`;
    const told = { channel: "smpp", receiver_id: account.id };
    expect(rows).toEqual([
      { ...told, message_id: always, status: "delivered", error_code: null },
      { ...told, message_id: bad, status: "undelivered", error_code: "012" },
    ]);
  });

  it("gives back what ends before a carrier took it, and lets what ends after lapse", async () => {
    const tree = await makeSendingTree(db, "accepted");
    const items = [itemOf(), itemOf(), itemOf(), itemOf()];
    await send(contextFor(db, tree.subaccount.id), items);
    const ids = items.map((item) => item.id);
    const [a = "", b = "", c = "", d = ""] = ids;
    await apply(tree, [
      { messageId: a, status: "cancelled" },
      { messageId: b, status: "sent" },
      { messageId: b, status: "expired", errorCode: "EXPIRED" },
      { messageId: c, status: "unknown", possibleDuplicate: true },
      { messageId: c, status: "failed" },
      { messageId: d, status: "unknown" },
    ]);
    expect(await statusOf(a)).toMatchObject({ status: "cancelled", charge_stage: chargeStage.voided });
    expect(await statusOf(b)).toMatchObject({ charge_stage: chargeStage.lapsed, error_code: "EXPIRED" });
    expect(await statusOf(c)).toMatchObject({ charge_stage: chargeStage.voided, possible_duplicate: true });
    expect(await totals(tree)).toMatchObject({ sent: 1, failed: 3, unknown: 1, held: 1, voided: 2, lapsed: 1 });
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
  });

  it("stays clean at every hop after any sequence, in parallel batches too", async () => {
    const trees = [await makeSendingTree(db, "accepted"), await makeSendingTree(db, "delivered")];
    const move = fc.record({
      index: fc.nat(5),
      status: fc.constantFrom(...messageStatus.options),
      stage: fc.option(fc.constantFrom<ChargeStage>(1, 2, 3, 4, 5), { nil: undefined, freq: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(move, { maxLength: 8 }), { maxLength: 4 }),
        fc.nat(1),
        async (batches, which) => {
          const tree = trees[which] as SendingTree;
          const items = Array.from({ length: 6 }, (_, n) => itemOf({ text: "x".repeat(100 * (n + 1)) }));
          await send(contextFor(db, tree.subaccount.id), items);
          const toTransition = (m: {
            index: number;
            status: Transition["status"];
            stage: ChargeStage | undefined;
          }) => ({
            messageId: items[m.index]?.id ?? "",
            status: m.status,
            ...(m.stage ? { stage: m.stage } : {}),
          });
          await Promise.all(batches.map((batch) => apply(tree, batch.map(toTransition))));
          const rows =
            await db.sql`select status, charge_stage as stage, done_at from messages where tenant_id = ${tree.subaccount.id}`;
          for (const row of rows) expect(isFinal(row.status)).toBe(row.done_at !== null);
          const sums = await totals(tree);
          const parts =
            (sums?.held ?? 0) + (sums?.carried ?? 0) + (sums?.settled ?? 0) + (sums?.voided ?? 0) + (sums?.lapsed ?? 0);
          expect(parts).toBe(sums?.parts);
          expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ differences: [], isClean: true });
        },
      ),
      { numRuns: 25 },
    );
  });
});
