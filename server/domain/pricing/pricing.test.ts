/** Price lists, and quotes: equal to the charge, and silent about what the viewer may not see. */
import { describe, expect, it } from "vitest";
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import { deletePriceList } from "#server/domain/pricing/delete-list.ts";
import { explainRefusal } from "#server/domain/pricing/explain-refusal.ts";
import { getPriceList } from "#server/domain/pricing/get-list.ts";
import type { QuoteGroup } from "#server/domain/pricing/input.ts";
import { listPriceLists } from "#server/domain/pricing/list-lists.ts";
import { quote } from "#server/domain/pricing/quote.ts";
import { updatePriceList } from "#server/domain/pricing/update-list.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { chainPrices, flatPrices, makeChain, sellOrder } from "#tests/money.ts";
import { balances, demandOf, sendBatch, sendThrough } from "#tests/traffic.ts";

const db = await testDatabase();

const group = (over: Partial<QuoteGroup> = {}): QuoteGroup => ({
  operatorId: "vn-vinaphone",
  country: "VN",
  trafficClass: "transactional",
  senderName: "ACME",
  parts: 1,
  count: 1,
  ...over,
});
const newList = () => ({
  id: newId(),
  name: "Standard",
  currency: "VND",
  postOn: "accepted" as const,
  items: flatPrices(10n),
});

describe("price lists", () => {
  it("are made once, changed as a whole, and deleted while no order uses them", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id, "finance");
    const input = newList();
    await createPriceList(ctx, input);
    await createPriceList(ctx, input);
    const items = [{ country: "VN", operatorId: "*", trafficClass: "otp" as const, unitPriceMicros: 9n }];
    await updatePriceList(ctx, { id: input.id, name: "Renamed", items });
    await updatePriceList(ctx, { id: input.id, name: "Renamed", items });
    expect(await getPriceList(ctx, { id: input.id })).toMatchObject({
      name: "Renamed",
      items: [{ unitPriceMicros: 9n, operatorId: null }],
    });
    expect((await listPriceLists(ctx)).items).toMatchObject([{ id: input.id, lineCount: 1, orderCount: 0 }]);
    await deletePriceList(ctx, { id: input.id });
    await expect(getPriceList(ctx, { id: input.id })).rejects.toMatchObject({ code: "price_list_not_found" });
    const order = await sellOrder(db, { seller: tree.company, buyer: tree.partner, prices: 1n });
    await expect(deletePriceList(ctx, { id: order.priceListId })).rejects.toMatchObject({
      code: "price_list_in_use",
    });
    const line = { country: "VN", trafficClass: "otp" as const, unitPriceMicros: 9n };
    for (const operatorId of ["de-o2", "vn-nobody"]) {
      const wrong = { ...newList(), items: [...items, { ...line, operatorId }] };
      const expected = { code: "unknown_operator", detail: { field: "items.1.operatorId" } };
      await expect(createPriceList(ctx, wrong)).rejects.toMatchObject(expected);
      await expect(updatePriceList(ctx, { id: order.priceListId, items: wrong.items })).rejects.toMatchObject(expected);
    }
    const twice = [...items, ...items];
    await expect(createPriceList(ctx, { ...newList(), items: twice })).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("are unseen by buyers, siblings and strangers, and written by those who may", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.company, buyer: tree.partner, prices: 1n });
    const id = order.priceListId;
    for (const who of ["partner", "sibling", "stranger", "subaccount"] as const) {
      const ctx = contextFor(db, tree[who].id);
      await expect(getPriceList(ctx, { id })).rejects.toMatchObject({ code: "price_list_not_found" });
      await expect(updatePriceList(ctx, { id, name: "Mine" })).rejects.toMatchObject({ code: "price_list_not_found" });
      await expect(deletePriceList(ctx, { id })).rejects.toMatchObject({ code: "price_list_not_found" });
      expect((await listPriceLists(ctx)).items).toEqual([]);
      await expect(listPriceLists(ctx, { tenantId: tree.company.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    }
    for (const role of ["sender", "moderator", "viewer"] as const) {
      await expect(createPriceList(contextFor(db, tree.company.id, role), newList())).rejects.toMatchObject({
        kind: "forbidden",
      });
    }
  });
});

describe("a quote", () => {
  it("shows each viewer its own edges only, with sell, cost and margin", async () => {
    const tree = await makeTree(db);
    await makeChain(db, tree);
    const ask = (tenantId: string) =>
      quote(contextFor(db, tenantId), { tenantId: tree.subaccount.id, groups: [group({ parts: 2, count: 5 })] });
    const own = await ask(tree.subaccount.id);
    expect(own).toMatchObject({ messages: 5, parts: 10, sell: [], margin: null });
    expect(own.lines.map((l) => l.hop)).toEqual([0]);
    expect(own.cost).toEqual([{ currency: "VND", micros: 10n * chainPrices.subaccount }]);
    const partner = await ask(tree.partner.id);
    expect(partner.lines.map((l) => l.hop)).toEqual([0, 1]);
    expect(partner.margin).toEqual({ currency: "VND", micros: 10n * (chainPrices.subaccount - chainPrices.partner) });
    const company = await ask(tree.company.id);
    expect(company.cost).toEqual([{ currency: "EUR", micros: 10n * chainPrices.company }]);
    expect(company.sell).toEqual([{ currency: "VND", micros: 10n * chainPrices.partner }]);
    expect(company.margin).toBeNull();
    const aggregator = await ask(tree.aggregator.id);
    expect(aggregator.lines).toHaveLength(3);
    expect(aggregator).toMatchObject({ cost: [], margin: { currency: "EUR", micros: 10n * chainPrices.company } });
    for (const who of ["sibling", "stranger"] as const) {
      await expect(ask(tree[who].id)).rejects.toMatchObject({ code: "tenant_not_found" });
    }
    await expect(quote(contextFor(db, tree.partner.id, "moderator"), { groups: [group()] })).rejects.toMatchObject({
      kind: "forbidden",
    });
  });

  it("is what the send then charges, when the batch ends in the next order and is refused in part", async () => {
    const tree = await makeTree(db);
    const sell = { seller: tree.aggregator, buyer: tree.company };
    const soon = new Date(Date.now() + 86_400_000);
    const first = await sellOrder(db, { ...sell, prices: 20n, amountMicros: 190n, validUntil: soon, number: "FIRST" });
    const second = await sellOrder(db, { ...sell, prices: 30n, partsLimit: 7n, number: "SECOND" });
    const groups = [group({ parts: 2, count: 6 }), group({ parts: 1, count: 6, operatorId: "vn-viettel" })];
    const said = await quote(contextFor(db, tree.company.id), { groups });
    const demands = groups.flatMap((g) => Array.from({ length: g.count }, () => demandOf(tree.company, pick(g))));
    const outcomes = await sendBatch(db, demands);
    const charged = outcomes.reduce((sum, o) => sum + (o.ok ? (o.hops[0]?.totalMicros ?? 0n) : 0n), 0n);
    expect(said.messages).toBe(outcomes.filter((o) => o.ok).length);
    expect(said.cost).toEqual([{ currency: "EUR", micros: charged }]);
    expect(said.refused).toMatchObject([
      { messages: outcomes.filter((o) => !o.ok).length, code: "order_used_up", edge: { orderNumber: "SECOND" } },
    ]);
    for (const order of [first, second]) {
      const line = said.lines.find((l) => l.orderId === order.id);
      const now = await balances(db, order);
      expect(line).toMatchObject({ totalMicros: now.heldMicros, leftAfterMicros: now.leftMicros });
      expect(line).toMatchObject({ leftAfterParts: now.leftParts });
      expect(BigInt(line?.parts ?? 0)).toBe(now.heldParts);
    }
  });

  it("answers for ten million messages without counting them one by one", async () => {
    const tree = await makeTree(db);
    await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 1n });
    const said = await quote(contextFor(db, tree.company.id), { groups: [group({ count: 10_000_000 })] });
    expect(said).toMatchObject({ messages: 10_000_000, cost: [{ micros: 10_000_000n }] });
  });

  it("names the failing hop to those entitled, and to the others only that sending is unavailable", async () => {
    const tree = await makeTree(db);
    await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 1n, partsLimit: 1n, number: "TOP-9" });
    await sellOrder(db, { seller: tree.company, buyer: tree.partner, prices: 1n });
    await sellOrder(db, { seller: tree.partner, buyer: tree.subaccount, prices: 1n });
    await sendThrough(db, tree.subaccount);
    const refusal = async (viewerId: string) => {
      const said = await quote(contextFor(db, viewerId), { tenantId: tree.subaccount.id, groups: [group()] });
      expect(JSON.stringify(said.lines)).toBe("[]");
      return said.refused[0];
    };
    for (const who of ["subaccount", "partner"] as const) {
      const hidden = await refusal(tree[who].id);
      expect(hidden).toMatchObject({ code: "temporarily_unavailable", messages: 1 });
      expect(hidden?.edge).toBeUndefined();
      expect(JSON.stringify(hidden)).not.toContain("TOP-9");
    }
    expect(await refusal(tree.company.id)).toMatchObject({
      code: "order_used_up",
      message: "Your order TOP-9 is used up: ask your provider for a new one.",
    });
    expect(await refusal(tree.aggregator.id)).toMatchObject({
      message: "Order TOP-9 is used up: top it up or sign a new one.",
      edge: { hop: 2 },
    });
  });

  it("explains every code to the buyer and to the seller", () => {
    const [root, buyer] = [newId(), newId()];
    for (const code of ["no_order", "order_expired", "order_used_up", "no_price", "sender_not_covered"] as const) {
      const refused = { code, hop: 0, sellerId: root, buyerId: buyer };
      const own = explainRefusal(refused, buyer, [root, buyer]);
      const above = explainRefusal(refused, root, [root, buyer]);
      expect(own.code).toBe(code);
      expect(own.message).not.toBe(above.message);
      expect(explainRefusal(refused, newId(), [root, buyer]).code).toBe("temporarily_unavailable");
    }
  });
});

function pick({ operatorId, country, trafficClass, senderName, parts }: QuoteGroup) {
  return { operatorId, country, trafficClass, senderName, parts };
}
