/** Orders from draft to end: who may do what, what a buyer sees, when an order runs, warns and stops. */
import { describe, expect, it } from "vitest";
import { prove } from "#server/domain/ledger/prove.ts";
import { settleBatch } from "#server/domain/ledger/settle.ts";
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { activateOrders } from "#server/domain/orders/activate.ts";
import { cancelOrder } from "#server/domain/orders/cancel.ts";
import { closeOrder } from "#server/domain/orders/close.ts";
import { createOrder } from "#server/domain/orders/create.ts";
import { expireOrders } from "#server/domain/orders/expire.ts";
import { getOrder } from "#server/domain/orders/get.ts";
import type { CreateOrder } from "#server/domain/orders/input.ts";
import { listOrders } from "#server/domain/orders/list.ts";
import { reviewOrders } from "#server/domain/orders/review.ts";
import { signOrder } from "#server/domain/orders/sign.ts";
import { topUpOrder } from "#server/domain/orders/top-up.ts";
import { updateOrder } from "#server/domain/orders/update.ts";
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import { asSystem, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, keyContextFor, makeTree, type Tree } from "#tests/factories.ts";
import { flatPrices, makeChain, sellOrder } from "#tests/money.ts";
import { balances, sendThrough } from "#tests/traffic.ts";

const db = await testDatabase();
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const job = (now = new Date()) => jobContext({ db, clock: { now: () => now } }, "test", nilId, "test");

async function draftInput(tree: Tree, over: Partial<CreateOrder> = {}): Promise<CreateOrder> {
  const list = await createPriceList(contextFor(db, tree.company.id), {
    id: newId(),
    name: "Partners",
    currency: "VND",
    postOn: "delivered",
    items: flatPrices(500_000_000n),
  });
  return {
    id: newId(),
    buyerId: tree.partner.id,
    kind: "prepaid",
    priceListId: list.id,
    amountMicros: 10_000_000_000n,
    partsLimit: null,
    validFrom: inDays(-1),
    validUntil: inDays(30),
    ...over,
  };
}

describe("a draft", () => {
  it("is made once, numbered by its seller, edited, and signed into an active order", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const input = await draftInput(tree);
    const draft = await createOrder(ctx, input);
    expect((await createOrder(ctx, input)).id).toBe(draft.id);
    expect(draft).toMatchObject({ status: "draft", sellerId: tree.company.id, currency: "VND", postOn: "delivered" });
    expect(draft.number).toMatch(/^PAR-\d{4}-0001$/);
    expect((await createOrder(ctx, { ...input, id: newId() })).number).toMatch(/-0002$/);
    await updateOrder(ctx, { id: draft.id, partsLimit: 20n, note: "By phone" });
    const signed = await signOrder(ctx, { id: draft.id });
    expect(signed.status).toBe("active");
    expect((await signOrder(ctx, { id: draft.id })).status).toBe("active");
    expect(await getOrder(ctx, { id: draft.id })).toMatchObject({ leftMicros: 10_000_000_000n, leftParts: 20n });
    await expect(updateOrder(ctx, { id: draft.id, note: "x" })).rejects.toMatchObject({ code: "order_not_draft" });
    const events = await db.sql`select name from outbox where data->>'orderId' = ${draft.id} order by id`;
    expect(events.map((e) => e.name)).toEqual(["orders/order.signed", "orders/order.activated"]);
    const audits = await db.sql`select action from audit_log where subject_id = ${draft.id} order by id`;
    expect(audits.map((a) => a.action)).toEqual(["orders.create", "orders.update", "orders.sign", "orders.activate"]);
  });

  it("is sold by the buyer's parent, also when a tenant above writes it", async () => {
    const tree = await makeTree(db);
    const input = await draftInput(tree);
    const order = await createOrder(contextFor(db, tree.aggregator.id), input);
    expect(order.sellerId).toBe(tree.company.id);
  });

  it("refuses a price list that is not its seller's, no bound at all, and an end before the start", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.aggregator.id);
    const input = await draftInput(tree);
    await expect(createOrder(ctx, { ...input, id: newId(), buyerId: tree.company.id })).rejects.toMatchObject({
      code: "price_list_not_found",
    });
    await expect(createOrder(ctx, { ...input, amountMicros: null })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(createOrder(ctx, { ...input, validUntil: inDays(-2) })).rejects.toMatchObject({
      code: "invalid_input",
    });
    for (const wrong of [
      { validUntil: new Date(8.64e15) },
      { validFrom: new Date(-8.64e15) },
      { note: "a\0b" },
      { note: "half a pair: \ud83d" },
      { number: "A-1\r\nB" },
    ]) {
      const refused = createOrder(ctx, { ...input, id: newId(), ...wrong });
      await expect(refused).rejects.toMatchObject({ code: "invalid_input", detail: { field: Object.keys(wrong)[0] } });
    }
    const draft = await createOrder(ctx, { ...input, number: "A-1" });
    await expect(createOrder(ctx, { ...input, id: newId(), number: "A-1" })).rejects.toMatchObject({
      code: "order_number_taken",
    });
    await expect(updateOrder(ctx, { id: draft.id, amountMicros: null })).rejects.toMatchObject({
      code: "order_unbounded",
    });
  });

  it("can be cancelled until it starts, and not be signed after that", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const draft = await createOrder(ctx, await draftInput(tree));
    expect((await cancelOrder(ctx, { id: draft.id })).status).toBe("cancelled");
    expect((await cancelOrder(ctx, { id: draft.id })).status).toBe("cancelled");
    await expect(signOrder(ctx, { id: draft.id })).rejects.toMatchObject({ code: "order_cancelled" });
    const running = await sellOrder(db, { seller: tree.company, buyer: tree.partner, prices: 1n });
    await expect(cancelOrder(ctx, { id: running.id })).rejects.toMatchObject({ code: "order_started" });
  });
});

describe("who sees and changes an order", () => {
  it("refuses roles that may not write, and keys without the scope", async () => {
    const tree = await makeTree(db);
    const input = await draftInput(tree);
    for (const role of ["sender", "moderator", "support", "viewer"] as const) {
      await expect(createOrder(contextFor(db, tree.company.id, role), input)).rejects.toMatchObject({
        kind: "forbidden",
      });
    }
    for (const platformOnly of [activateOrders, expireOrders, reviewOrders]) {
      await expect(platformOnly(contextFor(db, tree.aggregator.id))).rejects.toMatchObject({ kind: "forbidden" });
    }
    await expect(listOrders(keyContextFor(db, tree.company.id, ["messages.send"]))).rejects.toMatchObject({
      kind: "forbidden",
    });
  });

  it("lets a buyer read its own with its prices, but not drafts, not what its seller pays, and change nothing", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree);
    const draft = await createOrder(contextFor(db, tree.company.id), await draftInput(tree));
    const buyer = contextFor(db, tree.partner.id);
    const own = await getOrder(buyer, { id: chain.partner.id });
    expect(own).toMatchObject({ isSeller: false, sellerName: null, buyerName: "Partner" });
    expect(own.prices).toHaveLength(3);
    expect((await getOrder(contextFor(db, tree.partner.id, "sender"), { id: chain.partner.id })).prices).toEqual([]);
    const seen = (await listOrders(buyer)).items.map((o) => o.id);
    expect(new Set(seen)).toEqual(new Set([chain.partner.id, chain.subaccount.id]));
    for (const id of [draft.id, chain.company.id, chain.sibling.id]) {
      await expect(getOrder(buyer, { id })).rejects.toMatchObject({ code: "order_not_found" });
      await expect(signOrder(buyer, { id })).rejects.toMatchObject({ code: "order_not_found" });
      await expect(cancelOrder(buyer, { id })).rejects.toMatchObject({ code: "order_not_found" });
      await expect(closeOrder(buyer, { id, reason: "mine now" })).rejects.toMatchObject({ code: "order_not_found" });
      await expect(updateOrder(buyer, { id, note: "mine" })).rejects.toMatchObject({ code: "order_not_found" });
    }
    const raise = { id: newId(), orderId: chain.partner.id, addAmountMicros: 10n };
    await expect(topUpOrder(buyer, raise)).rejects.toMatchObject({ code: "not_the_seller" });
    await expect(closeOrder(buyer, { id: chain.partner.id, reason: "mine now" })).rejects.toMatchObject({
      code: "not_the_seller",
    });
    await expect(createOrder(buyer, await draftInput(tree))).rejects.toMatchObject({ code: "tenant_not_found" });
  });

  it("filters by role, status and counterparty, and pages newest first", async () => {
    const tree = await makeTree(db);
    const chain = await makeChain(db, tree);
    const ctx = contextFor(db, tree.company.id);
    const ids = async (input: Parameters<typeof listOrders>[1]) =>
      (await listOrders(ctx, input)).items.map((o) => o.id);
    expect(await ids({ role: "buyer" })).toEqual([chain.company.id]);
    expect(await ids({ role: "seller" })).toEqual([chain.sibling.id, chain.partner.id]);
    expect(await ids({ role: "seller", counterpartyId: tree.partner.id })).toEqual([chain.partner.id]);
    expect(await ids({ priceListId: chain.partner.priceListId })).toEqual([chain.partner.id]);
    expect(await ids({ role: "seller", tenantId: tree.partner.id })).toEqual([chain.subaccount.id]);
    expect(await ids({ status: ["closed"] })).toEqual([]);
    await expect(ids({ tenantId: tree.aggregator.id })).rejects.toMatchObject({ code: "tenant_not_found" });
    const first = await listOrders(ctx, { limit: 2 });
    const second = await listOrders(ctx, { limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map((o) => o.id)).toEqual(
      [chain.company, chain.partner, chain.subaccount, chain.sibling].map((o) => o.id).reverse(),
    );
    expect(second.nextCursor).toBeNull();
  });
});

describe("a running order", () => {
  it("starts when its validity begins, once, and ends with it; what it holds still settles", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, {
      seller: tree.aggregator,
      buyer: tree.company,
      prices: 7n,
      partsLimit: 10n,
      validFrom: inDays(1),
      validUntil: inDays(3),
    });
    expect(order.status).toBe("signed");
    await activateOrders(job());
    expect(await sendThrough(db, tree.company)).toMatchObject({ ok: false, code: "no_order" });
    await activateOrders(job(inDays(2)));
    await activateOrders(job(inDays(2)));
    expect(await balances(db, order)).toMatchObject({ leftParts: 10n });
    await db.sql`update orders set valid_from = now() - interval '1 day' where id = ${order.id}`;
    const sent = await sendThrough(db, tree.company);
    expect(sent.ok).toBe(true);
    await expireOrders(job(inDays(4)));
    await expireOrders(job(inDays(4)));
    expect(await sendThrough(db, tree.company)).toMatchObject({ ok: false, code: "order_expired" });
    await asSystem(job(), async (ctx) => {
      await ctx.tx.sql`update messages set charge_stage = ${chargeStage.settled} where id = ${sent.messageId}`;
      const rateId = sent.ok ? sent.rateId : "";
      const moves = [{ rateId, parts: 1, from: chargeStage.held, to: chargeStage.settled }];
      await settleBatch(ctx, { batchId: newId(), moves });
    });
    expect(await balances(db, order)).toMatchObject({ heldParts: 0n, spentParts: 1n, spentMicros: 7n });
    const events = await db.sql`select name from outbox where data->>'orderId' = ${order.id} order by id`;
    expect(events.map((e) => e.name)).toEqual([
      "orders/order.signed",
      "orders/order.activated",
      "orders/order.expired",
    ]);
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true });
  });

  it("warns once when nearly used and once when used up, and is active again after a top-up", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 7n, amountMicros: 73n });
    const status = async () => (await getOrder(contextFor(db, tree.company.id), { id: order.id })).status;
    for (let i = 0; i < 8; i++) await sendThrough(db, tree.company);
    expect(await status()).toBe("active");
    await sendThrough(db, tree.company);
    expect(await status()).toBe("nearly_used");
    // 73 = 10 × 7 + 3: nothing can be bought for the 3 that are left.
    await sendThrough(db, tree.company);
    expect(await status()).toBe("used_up");
    expect(await sendThrough(db, tree.company)).toMatchObject({ ok: false, code: "order_used_up" });
    const change = { id: newId(), orderId: order.id, addAmountMicros: 100n, validUntil: inDays(60) };
    const seller = contextFor(db, tree.aggregator.id);
    await topUpOrder(seller, change);
    const after = await topUpOrder(seller, change);
    for (const other of [{ addAmountMicros: 101n }, { note: "more" }, { validUntil: inDays(61) }, { addParts: 1n }]) {
      await expect(topUpOrder(seller, { ...change, ...other })).rejects.toMatchObject({ code: "top_up_id_taken" });
    }
    expect(after).toMatchObject({ status: "active", amountMicros: 173n, validUntil: change.validUntil });
    expect(await balances(db, order)).toMatchObject({ leftMicros: 103n, heldMicros: 70n });
    const events = await db.sql`select name, data from outbox where data->>'orderId' = ${order.id} order by id`;
    expect(events.map((e) => e.name).slice(2)).toEqual(["orders/order.nearly_used", "orders/order.used_up"]);
    expect(events[2]?.data).toMatchObject({ usedPercent: 86, amountMicros: "73", buyerId: tree.company.id });
  });

  it("raises a postpaid limit without paying anything in", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, {
      seller: tree.aggregator,
      buyer: tree.company,
      prices: 10n,
      kind: "postpaid",
      amountMicros: 10n,
    });
    await sendThrough(db, tree.company);
    expect((await sendThrough(db, tree.company)).ok).toBe(false);
    const ctx = contextFor(db, tree.aggregator.id);
    await topUpOrder(ctx, { id: newId(), orderId: order.id, addAmountMicros: 10n });
    expect((await sendThrough(db, tree.company)).ok).toBe(true);
    expect(await balances(db, order)).toMatchObject({ availableMicros: -20n, leftMicros: 0n });
    await expect(topUpOrder(ctx, { id: newId(), orderId: order.id, addParts: 10n })).rejects.toMatchObject({
      code: "not_bounded",
    });
  });

  it("stays within what the ledger can hold, however often it is topped up", async () => {
    const tree = await makeTree(db);
    const amountMicros = 10n ** 17n;
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 10n, amountMicros });
    const ctx = contextFor(db, tree.aggregator.id);
    const raise = () => topUpOrder(ctx, { id: newId(), orderId: order.id, addAmountMicros: amountMicros });
    for (let n = 2; n <= 9; n += 1) await raise();
    await expect(raise()).rejects.toMatchObject({ code: "order_too_large", detail: { field: "addAmountMicros" } });
    expect((await getOrder(ctx, { id: order.id })).amountMicros).toBe(9n * amountMicros);
  });

  it("takes no new holds once closed, and settles the old", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 10n });
    await sendThrough(db, tree.company);
    const ctx = contextFor(db, tree.aggregator.id);
    await closeOrder(ctx, { id: order.id, reason: "Contract ended" });
    expect((await closeOrder(ctx, { id: order.id, reason: "Contract ended" })).status).toBe("closed");
    expect(await balances(db, order)).toMatchObject({ heldMicros: 10n });
    expect(await sendThrough(db, tree.company)).toMatchObject({ ok: false, code: "no_order" });
    await expect(topUpOrder(ctx, { id: newId(), orderId: order.id, addAmountMicros: 5n })).rejects.toMatchObject({
      code: "order_not_running",
    });
  });
});
