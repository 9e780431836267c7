/** Statements: the days add up to the balances, in the reader's zone, page by page, and nobody else reads them. */
import { describe, expect, it } from "vitest";
import { holdBatch } from "#server/domain/ledger/hold.ts";
import { settleBatch } from "#server/domain/ledger/settle.ts";
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { statement } from "#server/domain/ledger/statement.ts";
import { statementCsv } from "#server/domain/ledger/statement-csv.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";
import { balances, demandOf } from "#tests/traffic.ts";

const db = await testDatabase();
const at = (iso: string) => ({ now: () => new Date(iso) });

/** Three days in Ho Chi Minh City (UTC+7): the second begins at 17:00 UTC. */
async function threeDays(tree: Tree) {
  const order = await sellOrder(db, {
    seller: tree.aggregator,
    buyer: tree.company,
    prices: 1_500_000n,
    amountMicros: 100_000_000n,
    partsLimit: 50n,
    clock: at("2026-03-01T10:00:00Z"),
  });
  const hold = (iso: string, count: number) =>
    asSystem({ ...contextFor(db, newId()), clock: at(iso) }, (ctx) =>
      holdBatch(ctx, {
        batchId: newId(),
        dryRun: false,
        demands: Array.from({ length: count }, () => demandOf(tree.company)),
      }),
    );
  const [first] = await hold("2026-03-01T16:59:00Z", 4);
  await hold("2026-03-01T17:00:00Z", 6);
  const rateId = first?.ok ? first.rateId : "";
  const move = (parts: number, to: 3 | 4) => ({ rateId, parts, from: chargeStage.held, to });
  await asSystem({ ...contextFor(db, newId()), clock: at("2026-03-03T01:00:00Z") }, (ctx) =>
    settleBatch(ctx, { batchId: newId(), moves: [move(7, chargeStage.settled), move(1, chargeStage.voided)] }),
  );
  return order;
}

describe("a statement", () => {
  it("adds up per day to the balances, in money and in parts", async () => {
    const tree = await makeTree(db);
    const order = await threeDays(tree);
    const said = await statement(contextFor(db, tree.company.id, "finance"), { orderId: order.id });
    expect(said).toMatchObject({ currency: "EUR", timeZone: "Asia/Ho_Chi_Minh", nextCursor: null });
    expect(said.items.map((d) => d.day)).toEqual(["2026-03-03", "2026-03-02", "2026-03-01"]);
    expect(said.items.map((d) => d.parts)).toEqual([
      { funded: 0n, held: 0n, posted: 7n, givenBack: 1n, balance: 41n },
      { funded: 0n, held: 6n, posted: 0n, givenBack: 0n, balance: 40n },
      { funded: 50n, held: 4n, posted: 0n, givenBack: 0n, balance: 46n },
    ]);
    const now = await balances(db, order);
    expect(said.items[0]?.money).toMatchObject({ posted: now.spentMicros, balance: now.availableMicros });
    const csv = statementCsv(said).split("\n");
    expect(csv[0]).toBe(
      "day,funded_eur,held_eur,posted_eur,given_back_eur,balance_eur,funded_parts,held_parts,posted_parts,given_back_parts,balance_parts",
    );
    expect(csv[1]).toBe("2026-03-03,0.00,0.00,10.50,1.50,86.50,0,0,7,1,41");
  });

  it("pages and cuts by day without losing the running balance", async () => {
    const tree = await makeTree(db);
    const order = await threeDays(tree);
    const ctx = contextFor(db, tree.aggregator.id);
    const first = await statement(ctx, { orderId: order.id, limit: 2 });
    const second = await statement(ctx, { orderId: order.id, limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map((d) => d.parts.balance)).toEqual([41n, 40n, 46n]);
    expect(second.nextCursor).toBeNull();
    const cut = await statement(ctx, { orderId: order.id, from: "2026-03-02", to: "2026-03-02" });
    expect(cut.items.map((d) => [d.day, d.parts.balance])).toEqual([["2026-03-02", 40n]]);
  });

  it("is unseen by tenants outside the order, and by roles that may not read the ledger", async () => {
    const tree = await makeTree(db);
    const order = await threeDays(tree);
    for (const who of ["partner", "sibling", "stranger"] as const) {
      await expect(statement(contextFor(db, tree[who].id), { orderId: order.id })).rejects.toMatchObject({
        code: "order_not_found",
      });
    }
    await expect(statement(contextFor(db, tree.company.id, "viewer"), { orderId: order.id })).rejects.toMatchObject({
      kind: "forbidden",
    });
  });
});
