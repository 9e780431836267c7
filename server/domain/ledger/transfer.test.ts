/** Transfers: written once, never changed, and never anything but two sides of one order – whoever writes. */
import { describe, expect, it } from "vitest";
import { accountId, partsUnit } from "#server/domain/ledger/accounts.ts";
import { type Transfer, transfer, transferNew } from "#server/domain/ledger/transfer.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";
import { balances } from "#tests/traffic.ts";

const db = await testDatabase();
const system = () => contextFor(db, newId());
const move = (transfers: Transfer[]) => asSystem(system(), (ctx) => transfer(ctx, transfers));
const moveNew = (transfers: Transfer[]) => asSystem(system(), (ctx) => transferNew(ctx, transfers));

async function makeOrder() {
  const tree = await makeTree(db);
  return sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n, partsLimit: 10n });
}

const holdOf = (orderId: string, amount: bigint, over: Partial<Transfer> = {}): Transfer => ({
  id: newId(),
  orderId,
  debitAccountId: accountId(orderId, "available", partsUnit),
  creditAccountId: accountId(orderId, "held", partsUnit),
  amount,
  code: "hold",
  causeId: newId(),
  ...over,
});

describe("transfers", () => {
  it("change nothing when they are repeated, and fail when the content differs", async () => {
    const order = await makeOrder();
    const one = holdOf(order.id, 4n);
    await move([one, one]);
    await move([one]);
    expect(await balances(db, order)).toMatchObject({ leftParts: 6n, heldParts: 4n });
    await expect(move([{ ...one, amount: 5n }])).rejects.toMatchObject({ code: "transfer_mismatch" });
    await expect(move([{ ...one, id: newId(), amount: 7n }])).rejects.toMatchObject({ code: "balance_floor" });
    const foreign = { ...one, id: newId(), creditAccountId: accountId(order.id, "held", "EUR") };
    await expect(move([foreign])).rejects.toThrow("in one unit");
  });

  it("that are new go in one statement: entries follow each other, floors hold, a known id fails", async () => {
    const order = await makeOrder();
    const back = {
      debitAccountId: accountId(order.id, "held", partsUnit),
      creditAccountId: accountId(order.id, "available", partsUnit),
      code: "void" as const,
    };
    const batch = [holdOf(order.id, 4n), holdOf(order.id, 3n), holdOf(order.id, 2n, back)];
    await moveNew(batch);
    expect(await balances(db, order)).toMatchObject({ leftParts: 5n, heldParts: 5n });
    const entries = await db.sql<{ amount: bigint; after: bigint; version: bigint }[]>`
      select amount, balance_after as after, account_version as version from ledger_entries
      where account_id = ${accountId(order.id, "held", partsUnit)} order by account_version`;
    expect(entries.map(({ amount, after }) => [amount, after])).toEqual([
      [4n, 4n],
      [3n, 7n],
      [-2n, 5n],
    ]);
    expect(entries.map(({ version }) => version)).toEqual([1n, 2n, 3n]);
    await expect(moveNew([holdOf(order.id, 1n), holdOf(order.id, 5n)])).rejects.toMatchObject({
      code: "balance_floor",
    });
    await expect(moveNew(batch.slice(0, 1))).rejects.toMatchObject({ code: "23505" });
    expect(await balances(db, order)).toMatchObject({ leftParts: 5n, heldParts: 5n });
  });

  it("that are new and many at once leave the balances that their entries add up to", async () => {
    const order = await makeOrder();
    const tries = await Promise.allSettled(Array.from({ length: 15 }, () => moveNew([holdOf(order.id, 1n)])));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(await balances(db, order)).toMatchObject({ leftParts: 0n, heldParts: 10n });
  });

  it("join two accounts of their own order", async () => {
    const [order, other] = [await makeOrder(), await makeOrder()];
    const wrong: Partial<Transfer>[] = [
      { creditAccountId: newId() },
      { creditAccountId: accountId(other.id, "held", partsUnit) },
      { creditAccountId: accountId(order.id, "held", "EUR") },
      { orderId: other.id },
    ];
    for (const over of wrong) {
      await expect(moveNew([holdOf(order.id, 1n, over)])).rejects.toThrow();
      await expect(move([holdOf(order.id, 1n, over)])).rejects.toThrow();
    }
    await expect(
      db.sql`insert into ledger_transfers (id, order_id, debit_account_id, credit_account_id, amount, code, cause_id, created_at)
        values (${newId()}, ${order.id}, ${accountId(order.id, "held", partsUnit)}, ${newId()}, 1, 'void', ${newId()}, now())`,
    ).rejects.toMatchObject({ code: "23503" });
    expect(await balances(db, order)).toMatchObject({ leftParts: 10n, heldParts: 0n });
  });

  it.each(["ledger_transfers", "ledger_entries", "rates", "rate_hops"])(
    "cannot be changed afterwards: %s",
    async (table) => {
      await expect(db.asSystem((tx) => tx.sql.unsafe(`delete from ${table}`))).rejects.toMatchObject({ code: "42501" });
    },
  );

  it("cannot be one-sided, whoever writes", async () => {
    const order = await makeOrder();
    const [fund] = await db.sql`select id from ledger_transfers where order_id = ${order.id} limit 1`;
    await expect(
      db.sql`insert into ledger_entries (transfer_id, account_id, order_id, amount, balance_after, account_version)
        values (${fund?.id}, ${accountId(order.id, "spent", partsUnit)}, ${order.id}, 1, 1, 1)`,
    ).rejects.toMatchObject({ code: "23514" });
  });

  it("have entries that say the same, and accounts that stay", async () => {
    const order = await makeOrder();
    const id = newId();
    const [held, available] = [accountId(order.id, "held", partsUnit), accountId(order.id, "available", partsUnit)];
    const write = (lost: string, gained: string, amount: number) =>
      db.sql.begin(async (sql) => {
        await sql`insert into ledger_transfers (id, order_id, debit_account_id, credit_account_id, amount, code, cause_id, created_at)
          values (${id}, ${order.id}, ${available}, ${held}, 2, 'hold', ${newId()}, now())`;
        await sql`insert into ledger_entries (transfer_id, account_id, order_id, amount, balance_after, account_version, created_at)
          values (${id}, ${lost}, ${order.id}, ${-amount}, 0, 901, now()), (${id}, ${gained}, ${order.id}, ${amount}, 0, 902, now())`;
      });
    const spent = accountId(order.id, "spent", partsUnit);
    for (const [lost, gained, amount] of [
      [held, available, 2],
      [available, held, 1],
      [available, spent, 2],
    ] as const) {
      await expect(write(lost, gained, amount)).rejects.toMatchObject({ code: "23503" });
    }
    await expect(db.sql`delete from ledger_accounts where id = ${available}`).rejects.toMatchObject({ code: "23503" });
  });
});
