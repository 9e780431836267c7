/** The ledger: holds at every hop, settling by outcome, several orders in turn, floors under concurrency. */
import { describe, expect, it } from "vitest";
import { type Demand, type HoldOutcome, holdBatch } from "#server/domain/ledger/hold.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { settleBatch } from "#server/domain/ledger/settle.ts";
import { type ChargeStage, chargeStage } from "#server/domain/ledger/stage.ts";
import { topUpOrder } from "#server/domain/orders/top-up.ts";
import { updatePriceList } from "#server/domain/pricing/update-list.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { chainPrices, flatPrices, makeChain, sellOrder } from "#tests/money.ts";
import { loadTestOperators } from "#tests/sending.ts";
import { balances, demandOf, sendThrough } from "#tests/traffic.ts";

const db = await testDatabase();

describe("holds", () => {
  it("charges every hop up to the aggregator, each in its own currency", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree);
    const [outcome] = await hold([demandOf(tree.subaccount, { parts: 2 })]);
    expect(outcome).toMatchObject({
      ok: true,
      hops: [
        { hop: 0, orderId: chain.subaccount.id, currency: "VND", parts: 2, totalMicros: 2n * chainPrices.subaccount },
        { hop: 1, orderId: chain.partner.id, currency: "VND", unitPriceMicros: chainPrices.partner },
        { hop: 2, orderId: chain.company.id, currency: "EUR", totalMicros: 2n * chainPrices.company },
      ],
    });
    expect(await balances(db, chain.company)).toMatchObject({ heldMicros: 40_000n, heldParts: 2n, spentMicros: 0n });
    expect(await balances(db, chain.partner)).toMatchObject({ heldMicros: 1_200_000_000n, heldParts: 2n });
  });

  it("gives a root that sends itself a rate without hops, and stores equal chains once", async () => {
    const tree = await makeTree(db);
    await makeChain(db, tree);
    const [root] = await hold([demandOf(tree.aggregator)]);
    expect(root).toMatchObject({ ok: true, hops: [] });
    const [a, b] = await hold([demandOf(tree.subaccount), demandOf(tree.subaccount, { parts: 3 })]);
    const [c] = await hold([demandOf(tree.subaccount)]);
    expect(new Set([a, b, c].map((o) => (o?.ok ? o.rateId : null))).size).toBe(1);
    const [count] = await db.sql`select count(*)::int as n from rate_hops where rate_id = ${rateOf(a)}`;
    expect(count?.n).toBe(3);
  });

  it("does not write in a dry run, and says the same", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree);
    const demands = [demandOf(tree.subaccount), demandOf(tree.sibling, { operatorId: "vn-viettel" })];
    const dry = await hold(demands, true);
    expect(await balances(db, chain.company)).toMatchObject({ heldMicros: 0n });
    expect(await hold(demands)).toEqual(dry);
  });

  it("uses orders in order of expiry and ends a batch in the next one", async () => {
    const tree = await makeTree(db);
    const sell = { seller: tree.aggregator, buyer: tree.company };
    const soon = new Date(Date.now() + 86_400_000);
    const later = await sellOrder(db, { ...sell, prices: 30_000n, partsLimit: 10n });
    const first = await sellOrder(db, { ...sell, prices: 20_000n, partsLimit: 5n, validUntil: soon });
    const outcomes = await hold([2, 2, 2, 1, 9, 8].map((parts) => demandOf(tree.company, { parts })));
    const orders = outcomes.map((o) => (o.ok ? o.hops[0]?.orderId : o.code));
    expect(orders).toEqual([first.id, first.id, later.id, first.id, "order_used_up", later.id]);
    expect(await balances(db, first)).toMatchObject({ leftParts: 0n, heldMicros: 100_000n });
    expect(await balances(db, later)).toMatchObject({ leftParts: 0n, heldMicros: 300_000n });
  });

  it("takes nothing at any hop when one hop refuses, and names the hop", async () => {
    const tree = await makeTree(db);
    const top = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 1n });
    await sellOrder(db, { seller: tree.company, buyer: tree.partner, prices: 1n, partsLimit: 1n, number: "MID-1" });
    const own = await sellOrder(db, { seller: tree.partner, buyer: tree.subaccount, prices: 1n });
    const [refused] = await hold([demandOf(tree.subaccount, { parts: 2 })]);
    expect(refused).toEqual({
      ok: false,
      code: "order_used_up",
      hop: 1,
      sellerId: tree.company.id,
      buyerId: tree.partner.id,
      orderNumber: "MID-1",
    });
    expect(await balances(db, top)).toMatchObject({ heldMicros: 0n });
    expect(await balances(db, own)).toMatchObject({ heldMicros: 0n });
  });

  it("tells apart: no order, expired, no price, sender not covered", async () => {
    const tree = await makeTree(db);
    const code = async (over: Partial<Demand> = {}) => {
      const [o] = await hold([demandOf(tree.company, over)]);
      return o?.ok ? "ok" : o?.code;
    };
    expect(await code()).toBe("no_order");
    const past = { now: () => new Date(Date.now() - 10 * 86_400_000) };
    const sell = { seller: tree.aggregator, buyer: tree.company, prices: 1n };
    await sellOrder(db, { ...sell, clock: past, validUntil: new Date(Date.now() - 86_400_000) });
    expect(await code()).toBe("order_expired");
    await sellOrder(db, { ...sell, senderNames: ["ACME"] });
    expect(await code({ senderName: "acme" })).toBe("ok");
    expect(await code({ senderName: "OTHER" })).toBe("sender_not_covered");
    await sellOrder(db, sell);
    expect(await code({ country: "LA" })).toBe("no_price");
  });

  it("prefers the price of the operator over the price of the country", async () => {
    await loadTestOperators(db);
    const tree = await makeTree(db);
    const line = { country: "VN", trafficClass: "transactional" as const };
    await sellOrder(db, {
      seller: tree.aggregator,
      buyer: tree.company,
      prices: [
        { ...line, operatorId: "*", unitPriceMicros: 5n },
        { ...line, operatorId: "vn-viettel", unitPriceMicros: 7n },
      ],
    });
    const outcomes = await hold([
      demandOf(tree.company, { operatorId: "vn-viettel" }),
      demandOf(tree.company, { operatorId: "vn-mobifone" }),
    ]);
    expect(outcomes.map((o) => (o.ok ? o.hops[0]?.unitPriceMicros : null))).toEqual([7n, 5n]);
  });

  it("lets postpaid run down to its credit limit and no further, also when bounded by both", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, {
      seller: tree.aggregator,
      buyer: tree.company,
      prices: 10n,
      kind: "postpaid",
      amountMicros: 30n,
      partsLimit: 100n,
    });
    const outcomes = await hold(Array.from({ length: 5 }, () => demandOf(tree.company)));
    expect(outcomes.map((o) => o.ok)).toEqual([true, true, true, false, false]);
    expect(await balances(db, order)).toMatchObject({ availableMicros: -30n, leftMicros: 0n, leftParts: 97n });
  });

  it("holds once when the same messages of the same batch come again", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n });
    const batchId = newId();
    const some = [demandOf(tree.company), demandOf(tree.company)];
    const holdAgain = (demands: Demand[]) =>
      asSystem(system(), (ctx) => holdBatch(ctx, { batchId, dryRun: false, demands }));
    expect(await holdAgain(some)).toEqual(await holdAgain(some));
    expect(await balances(db, order)).toMatchObject({ heldParts: 2n });
    await holdAgain([demandOf(tree.company)]);
    expect(await balances(db, order)).toMatchObject({ heldParts: 3n });
  });

  it("takes a batch of 10,000 in a bounded number of statements", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree);
    const outcomes = await hold(Array.from({ length: 10_000 }, () => demandOf(tree.subaccount)));
    expect(outcomes.every((o) => o.ok)).toBe(true);
    const [count] =
      await db.sql`select count(*)::int as n from ledger_transfers where code = 'hold' and order_id = any(${[
        chain.company.id,
        chain.partner.id,
        chain.subaccount.id,
      ]}::uuid[])`;
    expect(count?.n).toBe(6);
  });
});

describe("concurrency", () => {
  it("accepts exactly 100 of 1,000 parallel sends when one hop in the middle has room for 100", async () => {
    const tree = await makeTree(db);
    await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 20_000n });
    const middle = await sellOrder(db, {
      seller: tree.company,
      buyer: tree.partner,
      prices: 500n,
      amountMicros: 50_000n,
    });
    const own = await sellOrder(db, { seller: tree.partner, buyer: tree.subaccount, prices: 600n });
    const accepted = await Promise.all(Array.from({ length: 1_000 }, () => sendThrough(db, tree.subaccount)));
    expect(accepted.filter((o) => o.ok)).toHaveLength(100);
    expect(await balances(db, middle)).toMatchObject({ leftMicros: 0n, heldMicros: 50_000n, heldParts: 100n });
    expect(await balances(db, own)).toMatchObject({ heldMicros: 60_000n });
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true, differences: [] });
    const events =
      await db.sql`select name from outbox where name like 'orders/%use%' and tenant_id = ${tree.company.id}`;
    expect(events.map((e) => e.name)).toEqual(["orders/order.nearly_used", "orders/order.used_up"]);
  });

  it("does not deadlock when holds, settlements and top-ups of one chain meet", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree, "accepted");
    const first = await Promise.all(Array.from({ length: 40 }, () => sendThrough(db, tree.subaccount)));
    const settle = first.map((o, i) => moveMessage(o, i % 2 === 0 ? chargeStage.carried : chargeStage.voided));
    const more = Array.from({ length: 40 }, (_, i) => sendThrough(db, i % 2 === 0 ? tree.subaccount : tree.sibling));
    const raise = Array.from({ length: 10 }, () =>
      topUpOrder(contextFor(db, tree.company.id), { id: newId(), orderId: chain.partner.id, addAmountMicros: 5n }),
    );
    await Promise.all([...settle, ...more, ...raise]);
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true });
    expect(await balances(db, chain.company)).toMatchObject({ spentParts: 20n, heldParts: 40n });
  });
});

describe("settling", () => {
  it.each([
    ["accepted", chargeStage.carried, { held: 0n, spent: 5n }],
    ["delivered", chargeStage.carried, { held: 5n, spent: 0n }],
    ["delivered", chargeStage.settled, { held: 0n, spent: 5n }],
    ["accepted", chargeStage.voided, { held: 0n, spent: 0n }],
    ["delivered", chargeStage.lapsed, { held: 0n, spent: 0n }],
    ["accepted", chargeStage.lapsed, { held: 0n, spent: 5n }],
  ] as const)("posting on %s, a move to stage %i leaves %o", async (postOn, to, { held, spent }) => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n, postOn });
    const sent = await sendThrough(db, tree.company);
    await moveMessage(sent, to);
    expect(await balances(db, order)).toMatchObject({ heldMicros: held, spentMicros: spent });
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true });
  });

  it("charges a message what it was accepted at, also when the price changes meanwhile", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n });
    const before = await sendThrough(db, tree.company);
    const seller = contextFor(db, tree.aggregator.id);
    await updatePriceList(seller, { id: order.priceListId, items: flatPrices(8n) });
    const after = await sendThrough(db, tree.company);
    expect(rateOf(after)).not.toBe(rateOf(before));
    await moveMessage(before, chargeStage.settled);
    expect(await balances(db, order)).toMatchObject({ heldMicros: 8n, spentMicros: 5n });
    expect(await prove(seller)).toMatchObject({ isClean: true });
  });

  it("refuses a move backwards, and a rate that does not exist", async () => {
    const tree = await makeTree(db);
    await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n });
    const [outcome] = await hold([demandOf(tree.company)]);
    const move = { rateId: rateOf(outcome), parts: 1, from: chargeStage.settled, to: chargeStage.voided };
    await expect(settle([move])).rejects.toThrow("may not move");
    await expect(
      settle([{ rateId: newId(), parts: 1, from: chargeStage.held, to: chargeStage.voided }]),
    ).rejects.toThrow("No such rate");
  });

  it("cannot post more than is held", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n });
    const [outcome] = await hold([demandOf(tree.company)]);
    const move = { rateId: rateOf(outcome), parts: 1, from: chargeStage.held, to: chargeStage.settled };
    await settle([move]);
    await expect(settle([move])).rejects.toMatchObject({ constraint_name: "ledger_accounts_floor" });
    expect(await balances(db, order)).toMatchObject({ heldMicros: 0n, spentMicros: 5n });
  });

  it("brings a used-up order back when a refund makes room", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n, partsLimit: 1n });
    const sent = await sendThrough(db, tree.company);
    expect(await statusOf(order.id)).toBe("used_up");
    await moveMessage(sent, chargeStage.voided);
    expect(await statusOf(order.id)).toBe("active");
    expect((await sendThrough(db, tree.company)).ok).toBe(true);
  });
});

const system = () => contextFor(db, newId());
const hold = (demands: Demand[], dryRun = false): Promise<HoldOutcome[]> =>
  asSystem(system(), (ctx) => holdBatch(ctx, { batchId: newId(), dryRun, demands }));
const settle = (moves: Parameters<typeof settleBatch>[1]["moves"]) =>
  asSystem(system(), (ctx) => settleBatch(ctx, { batchId: newId(), moves }));
const rateOf = (o: HoldOutcome | undefined): string => (o?.ok ? o.rateId : "");

async function moveMessage(sent: Awaited<ReturnType<typeof sendThrough>>, to: ChargeStage): Promise<void> {
  if (!sent.ok) throw new Error(`Not sent: ${sent.code}`);
  await asSystem(system(), async (ctx) => {
    await ctx.tx.sql`update messages set charge_stage = ${to} where id = ${sent.messageId}`;
    await settleBatch(ctx, {
      batchId: newId(),
      moves: [{ rateId: sent.rateId, parts: 1, from: chargeStage.held, to }],
    });
  });
}

async function statusOf(orderId: string): Promise<string> {
  const [row] = await db.sql`select status from orders where id = ${orderId}`;
  return row?.status;
}
