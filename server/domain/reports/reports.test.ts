/** Reports: rollups equal a recount of the messages, money equals the ledger, everybody sees its own edges only. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chargeStage } from "#server/domain/ledger/stage.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { getDashboard } from "#server/domain/reports/dashboard.ts";
import { exportSummary } from "#server/domain/reports/export-summary.ts";
import { foldReports } from "#server/domain/reports/fold.ts";
import { getOrderUse } from "#server/domain/reports/order-use.ts";
import { summarise } from "#server/domain/reports/summary.ts";
import { asSystem } from "#server/kernel/context.ts";
import { jobFor } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, keyContextFor } from "#tests/factories.ts";
import { chainPrices } from "#tests/money.ts";
import { itemOf, makeSendingTree, type SendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

async function foldAll(): Promise<void> {
  while ((await foldReports({ db })) > 0);
}

async function move(tree: SendingTree, moves: { messageId: string; status: MessageStatus }[]): Promise<void> {
  await asSystem(jobFor(db, tree.aggregator.id), async (ctx) => {
    await applyTransitions(ctx, moves);
  });
}

const scripts: MessageStatus[][] = [
  [],
  ["sent"],
  ["sent", "delivered"],
  ["sent", "undelivered"],
  ["sending", "unknown"],
  ["sending", "unknown", "delivered"],
  ["failed"],
  ["cancelled"],
  ["sending", "queued", "sent", "expired"],
];

/** Sends messages of several lengths from three tenants and lets each live one of the scripts. */
async function traffic(tree: SendingTree, choices: readonly number[]): Promise<void> {
  const senders = [tree.subaccount, tree.partner, tree.sibling];
  for (const [i, choice] of choices.entries()) {
    const from = senders[i % senders.length] ?? tree.subaccount;
    const to = i % 2 === 0 ? undefined : `8497${String(1_000_000 + i)}`;
    const text = i % 3 === 0 ? "Ế".repeat(100) : "Hello";
    const [outcome] = await send(contextFor(db, from.id), [itemOf({ text, ...(to ? { to } : {}) })]);
    for (const status of scripts[choice % scripts.length] ?? []) {
      await move(tree, [{ messageId: outcome?.id ?? "", status }]);
    }
  }
}

const kept = { accepted: 1, carried: 2, settled: 3, lapsed: 5 };

describe("rollups", () => {
  it("equal a recount of the messages and the ledger's balances, whatever happened, folded in any portions", async () => {
    const tree = await makeSendingTree(db);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 100 }), { minLength: 12, maxLength: 24 }), async (choices) => {
        await traffic(tree, choices);
        await Promise.all([foldReports({ db }), foldReports({ db }), foldReports({ db })]);
        await foldAll();
        const recount = await db.sql`
          select tenant_id, operator_id, rate_id, sender_id, count(*)::int as accepted,
            count(*) filter (where status = 'delivered')::int as delivered,
            count(*) filter (where status in ('undelivered', 'failed', 'expired', 'cancelled', 'rejected'))::int as failed,
            count(*) filter (where status = 'unknown')::int as unknown, sum(parts)::int as parts,
            coalesce(sum(parts) filter (where charge_stage = ${chargeStage.held}), 0)::int as held,
            coalesce(sum(parts) filter (where charge_stage = ${kept.carried}), 0)::int as carried,
            coalesce(sum(parts) filter (where charge_stage = ${kept.settled}), 0)::int as settled,
            coalesce(sum(parts) filter (where charge_stage = ${chargeStage.voided}), 0)::int as voided,
            coalesce(sum(parts) filter (where charge_stage = ${kept.lapsed}), 0)::int as lapsed
          from messages group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
        const rolled = await db.sql`
          select tenant_id, operator_id, rate_id, sender_id, sum(accepted_count)::int as accepted,
            sum(delivered_count)::int as delivered, sum(failed_count)::int as failed, sum(unknown_count)::int as unknown,
            sum(accepted_parts)::int as parts, sum(held_parts)::int as held, sum(carried_parts)::int as carried,
            sum(settled_parts)::int as settled, sum(voided_parts)::int as voided, sum(lapsed_parts)::int as lapsed
          from report_rollups group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
        expect(rolled.map((r) => ({ ...r }))).toEqual(recount.map((r) => ({ ...r })));
      }),
      { numRuns: 4 },
    );
    // Each viewer's money is what its orders say, to the micro-unit.
    for (const who of [tree.aggregator, tree.company, tree.partner, tree.subaccount, tree.sibling]) {
      const { total } = await summarise(contextFor(db, who.id), {});
      const ledger = await db.sql<{ currency: string; side: string; spent: bigint; held: bigint }[]>`
        select o.currency, case when o.seller_id = ${who.id} then 'sell' else 'buy' end as side,
          sum(a.balance) filter (where a.kind = 'spent')::bigint as spent,
          sum(a.balance) filter (where a.kind = 'held')::bigint as held
        from orders o join ledger_accounts a on a.order_id = o.id and a.unit = o.currency
        where ${who.id}::uuid in (o.seller_id, o.buyer_id) group by 1, 2`;
      for (const { currency, side, spent, held } of ledger) {
        const money = total.money.find((m) => m.currency === currency);
        expect(side === "sell" ? money?.revenueMicros : money?.costMicros).toBe(spent);
        expect(side === "sell" ? money?.heldRevenueMicros : money?.heldCostMicros).toBe(held);
      }
      expect(ledger.length).toBeGreaterThan(0);
    }
  });

  it("take each delta once, however many fold at the same time", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    for (let i = 0; i < 20; i += 1) await send(ctx, [itemOf(), itemOf()]);
    const folded = await Promise.all(Array.from({ length: 6 }, () => foldReports({ db })));
    await foldAll();
    expect(folded.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(20);
    expect((await summarise(ctx, {})).total.accepted).toBe(40);
    expect(await db.sql`select 1 from report_deltas`).toHaveLength(0);
  });
});

describe("a summary", () => {
  it("groups by day, branch, sender, operator and order; filters; and shows the viewer's own edges only", async () => {
    const tree = await makeSendingTree(db);
    const sub = contextFor(db, tree.subaccount.id);
    const [one, two] = await send(sub, [itemOf(), itemOf({ to: "84971000001" })]);
    await send(contextFor(db, tree.sibling.id), [itemOf()]);
    for (const status of ["sent", "delivered"] as const) await move(tree, [{ messageId: one?.id ?? "", status }]);
    await foldAll();
    const company = contextFor(db, tree.company.id);
    const byTenant = await summarise(company, { groupBy: "tenant" });
    expect(byTenant.rows.map((r) => [r.label, r.accepted, r.delivered])).toEqual([
      ["Partner", 2, 1],
      ["Sibling", 1, 0],
    ]);
    expect(byTenant.rows[0]?.money).toEqual([
      {
        currency: "EUR",
        revenueMicros: 0n,
        costMicros: chainPrices.company,
        marginMicros: -chainPrices.company,
        heldRevenueMicros: 0n,
        heldCostMicros: chainPrices.company,
      },
      {
        currency: "VND",
        revenueMicros: chainPrices.partner,
        costMicros: 0n,
        marginMicros: chainPrices.partner,
        heldRevenueMicros: chainPrices.partner,
        heldCostMicros: 0n,
      },
    ]);
    const bySender = await summarise(sub, { groupBy: "sender" });
    expect(bySender.rows.map((r) => [r.label, r.accepted])).toEqual([["ACME", 2]]);
    expect(bySender.rows[0]?.money.map((m) => [m.currency, m.costMicros, m.revenueMicros])).toEqual([
      ["VND", chainPrices.subaccount, 0n],
    ]);
    const byOperator = await summarise(sub, { groupBy: "operator", operatorId: "vn-viettel" });
    expect(byOperator.rows.map((r) => [r.key, r.accepted])).toEqual([["vn-viettel", 1]]);
    const byOrder = await summarise(contextFor(db, tree.partner.id), { groupBy: "order" });
    expect(byOrder.rows.map((r) => r.accepted)).toEqual([2, 2]);
    const [bought] = byOrder.rows.filter((r) => r.money[0]?.costMicros);
    const ofOrder = await summarise(contextFor(db, tree.partner.id), { orderId: bought?.key, groupBy: "day" });
    expect(ofOrder.total).toMatchObject({ accepted: 2, delivered: 1 });
    expect(ofOrder.total.money).toEqual([
      expect.objectContaining({ costMicros: chainPrices.partner, revenueMicros: 0n }),
    ]);
    expect((await summarise(company, { tenantId: tree.sibling.id })).total.accepted).toBe(1);
    expect(two?.status).toBe("queued");
    let csv = "";
    for await (const piece of exportSummary(sub, { groupBy: "sender" })) csv += piece;
    expect(csv).toBe(
      "\ufeffsender,accepted,sent,delivered,failed,unknown,parts,currency,revenue,cost,margin\r\n" +
        "ACME,2,1,1,0,0,2,VND,0,700,-700\r\ntotal,2,1,1,0,0,2,VND,0,700,-700\r\n",
    );
  });

  it("stays in the caller's subtree and asks for the permission and a sane range", async () => {
    const tree = await makeSendingTree(db);
    await send(contextFor(db, tree.subaccount.id), [itemOf()]);
    await foldAll();
    const sibling = contextFor(db, tree.sibling.id);
    expect((await summarise(sibling, {})).total.accepted).toBe(0);
    for (const who of [tree.subaccount, tree.company, tree.stranger]) {
      await expect(summarise(sibling, { tenantId: who.id })).rejects.toMatchObject({ code: "tenant_not_found" });
      await expect(getDashboard(sibling, { tenantId: who.id })).rejects.toMatchObject({ code: "tenant_not_found" });
    }
    const [order] = await db.sql<{ id: string }[]>`select id from orders where buyer_id = ${tree.subaccount.id}`;
    expect((await summarise(sibling, { orderId: order?.id })).total.accepted).toBe(0);
    for (const who of [tree.sibling, tree.stranger, tree.company]) {
      await expect(getOrderUse(contextFor(db, who.id), { orderId: order?.id ?? "" })).rejects.toMatchObject({
        code: "order_not_found",
      });
    }
    const use = await getOrderUse(contextFor(db, tree.subaccount.id), { orderId: order?.id ?? "" });
    expect(use).toMatchObject({ accepted: 1, sent: 0, heldParts: 1n, heldMicros: chainPrices.subaccount });
    const key = keyContextFor(db, tree.subaccount.id, ["messages.send"]);
    await expect(summarise(key, {})).rejects.toMatchObject({ kind: "forbidden" });
    await expect(getDashboard(key, {})).rejects.toMatchObject({ kind: "forbidden" });
    await expect(getOrderUse(key, { orderId: order?.id ?? "" })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(summarise(sibling, { from: "2020-01-01", to: "2026-01-01" })).rejects.toMatchObject({
      code: "bad_range",
    });
  });

  it("makes the first page's figures", async () => {
    const tree = await makeSendingTree(db);
    const sub = contextFor(db, tree.subaccount.id);
    const [one] = await send(sub, [itemOf(), itemOf()]);
    for (const status of ["sent", "delivered"] as const) await move(tree, [{ messageId: one?.id ?? "", status }]);
    await foldAll();
    const figures = await getDashboard(sub, {});
    expect(figures.today).toMatchObject({ accepted: 2, delivered: 1, deliveryRate: 1 });
    expect(figures.last30Days).toEqual(figures.today);
    expect(figures.series).toHaveLength(30);
    expect(figures.series.at(-1)).toMatchObject({ day: new Date().toISOString().slice(0, 10), accepted: 2 });
    expect(figures.topSenders.map((r) => r.label)).toEqual(["ACME"]);
    expect(figures.orders).toEqual([expect.objectContaining({ heldParts: 1n, spentParts: 1n })]);
    const partner = await getDashboard(contextFor(db, tree.partner.id), {});
    expect(partner.topTenants.map((r) => [r.label, r.accepted])).toEqual([["Sub-account", 2]]);
  });
});
