/** Receipts that match nothing when they come: found by the answer, by the message that they can only mean, or by the account. */
import { describe, expect, it } from "vitest";
import { matchParked } from "#server/domain/delivery/match-parked.ts";
import { messageReference } from "#server/domain/delivery/message-reference.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import type { IncomingReceipt } from "#server/domain/delivery/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { testDatabase } from "#tests/database.ts";
import { changeConnector, expectCleanLedger, statusesOf } from "#tests/delivering.ts";
import { makeConnector } from "#tests/sending.ts";
import { accepted, later, lost, type Scene, WorkerByHand } from "#tests/worker-by-hand.ts";

const db = await testDatabase();
const worker = new WorkerByHand(db);
const { owner } = worker;

describe("parked receipts", () => {
  it("that come before their answer are parked, and found by it", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene();
    const [id = ""] = await worker.submit(tree.subaccount.id);
    await take();
    const early = await worker.receiptOf(id, { carrierId: "2001" });
    for (const _ of [1, 2])
      expect(await recordReceipts(ctx, { connectorId, receipts: [early] })).toEqual({ matched: 0, parked: 1 });
    await recordResponses(ctx, { connectorId, owner, results: [worker.answer(id, accepted("2001"))] });
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    expect(
      await db.sql`select 1 from parked_receipts where connector_id = ${connectorId} and resolved_at is null`,
    ).toEqual([]);
  });

  it("tell the fate of an unknown message: by its reference, or by number and sender where only one can be meant", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene();
    const [one = "", two = "", three = "", four = ""] = await worker.submit(tree.subaccount.id, [{}, {}, {}, {}]);
    await db.sql`update messages set msisdn = (select msisdn from messages where id = ${three}) where id = ${four}`;
    await take();
    const results = [one, two, three, four].map((id) => worker.answer(id, lost));
    await recordResponses(ctx, { connectorId, owner, results });
    const receipts = [
      await worker.receiptOf(one, { carrierId: "r1", userMessageReference: messageReference(one, 1) }),
      await worker.receiptOf(two, { carrierId: "r2", state: "UNDELIV" }),
      await worker.receiptOf(three, { carrierId: "r3" }),
      await worker.receiptOf(one, { carrierId: "r4", userMessageReference: messageReference(one, 1) + 9 }),
    ];
    await recordReceipts(ctx, { connectorId, receipts });
    expect(await matchParked(later(ctx, 1_500), { connectorId })).toBe(0);
    expect(await matchParked(later(ctx, 60_000), { connectorId })).toBe(2);
    expect(await statusesOf(db, [one])).toEqual({ delivered: 1 });
    expect(await statusesOf(db, [two])).toEqual({ undelivered: 1 });
    expect(await statusesOf(db, [three, four])).toEqual({ unknown: 2 });
    expect(await worker.queueOf(one)).toEqual([]);
    await expectCleanLedger(db, tree);
  });
});

describe("two connectors of one account at a carrier", () => {
  /** Another connector of the same owner. */
  async function beside(scene: Scene, change: Parameters<typeof changeConnector>[2] = {}): Promise<string> {
    const { id } = await makeConnector(db, scene.tree.aggregator.id, "Second");
    await changeConnector(db, id, change);
    return id;
  }
  const receive = async (ctx: Context, connectorId: string, receipt: IncomingReceipt) =>
    expect(await recordReceipts(ctx, { connectorId, receipts: [receipt] })).toEqual({ matched: 0, parked: 1 });

  it("take each other's receipts at once, in the notation of the carrier", async () => {
    const scene = await worker.scene({ host: "smsc.example" });
    const id = await worker.sent(scene, ["4001"]);
    const second = await beside(scene, { host: "SMSC.example" });
    const receipts = [await worker.receiptOf(id, { carrierId: (4001).toString(16) })];
    const matched = { matched: 1, parked: 0 };
    expect(await recordReceipts(scene.ctx, { connectorId: second, receipts })).toEqual(matched);
    expect(await recordReceipts(scene.ctx, { connectorId: second, receipts, notation: "same" })).toEqual(matched);
    expect(await matchParked(later(scene.ctx, 60_000), { connectorId: second })).toBe(0);
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    await expectCleanLedger(db, scene.tree);
  });

  it("find what came to the other one before the answer did, with the answer", async () => {
    const scene = await worker.scene();
    const { tree, ctx, connectorId } = scene;
    const [id = ""] = await worker.submit(tree.subaccount.id);
    await scene.take();
    const second = await beside(scene);
    await receive(ctx, second, await worker.receiptOf(id, { carrierId: "4004" }));
    await recordResponses(ctx, { connectorId, owner, results: [worker.answer(id, accepted("4004"))] });
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    expect(await db.sql`select 1 from parked_receipts where connector_id = ${second} and resolved_at is null`).toEqual(
      [],
    );
    await expectCleanLedger(db, tree);
  });

  it("tell each other's unknown fates, while no receipt at the other one may mean them too", async () => {
    const scene = await worker.scene();
    const { tree, ctx, connectorId } = scene;
    const [one = "", two = ""] = await worker.submit(tree.subaccount.id, [{}, {}]);
    await scene.take();
    await recordResponses(ctx, { connectorId, owner, results: [worker.answer(one, lost), worker.answer(two, lost)] });
    const second = await beside(scene);
    await receive(ctx, second, await worker.receiptOf(one, { carrierId: "q1" }));
    await receive(ctx, second, await worker.receiptOf(two, { carrierId: "q2" }));
    await receive(ctx, connectorId, await worker.receiptOf(two, { carrierId: "q3" }));
    expect(await matchParked(later(ctx, 60_000), { connectorId: second })).toBe(1);
    expect(await statusesOf(db, [one])).toEqual({ delivered: 1 });
    expect(await statusesOf(db, [two])).toEqual({ unknown: 1 });
    // Its second receipt finds it by the first one's trace, at the connector that it was sent over.
    const [row] = await db.sql`select connector_id from carrier_refs where message_id = ${one}`;
    expect(row).toEqual({ connector_id: connectorId });
    await expectCleanLedger(db, tree);
  });

  it.each([
    ["another port", { port: 2999 }],
    ["another host", { host: "127.0.0.2" }],
    ["another account", { systemId: "other" }],
  ])("are not those with %s", async (_, change) => {
    const scene = await worker.scene();
    const id = await worker.sent(scene, ["4002"]);
    const second = await beside(scene, change);
    await receive(scene.ctx, second, await worker.receiptOf(id, { carrierId: "4002" }));
    expect(await matchParked(later(scene.ctx, 60_000), { connectorId: second })).toBe(0);
    expect(await statusesOf(db, [id])).toEqual({ sent: 1 });
  });

  it("are not those of another owner", async () => {
    const scene = await worker.scene();
    const id = await worker.sent(scene, ["4003"]);
    const { id: others } = await makeConnector(db, scene.tree.company.id);
    await receive(scene.ctx, others, await worker.receiptOf(id, { carrierId: "4003" }));
    expect(await matchParked(later(scene.ctx, 60_000), { connectorId: others })).toBe(0);
    expect(await statusesOf(db, [id])).toEqual({ sent: 1 });
  });
});
