/** What two batches took at one moment, each without seeing that it was the last: the review sees it, and tells so once. */
import { expect, it } from "vitest";
import { accountId } from "#server/domain/ledger/accounts.ts";
import { transferAtCommit } from "#server/domain/ledger/transfer.ts";
import { getOrder } from "#server/domain/orders/get.ts";
import { reviewOrders } from "#server/domain/orders/review.ts";
import { asSystem, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";

const db = await testDatabase();
const job = () => jobContext({ db, clock: { now: () => new Date() } }, "test", nilId, "test");

it("warns once of an order that no batch saw alone to be nearly used, and once when it is used up", async () => {
  const tree = await makeTree(db);
  const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 7n, amountMicros: 73n });
  const state = async () => (await getOrder(contextFor(db, tree.company.id), { id: order.id })).status;
  const take = (amount: bigint) =>
    asSystem(job(), async (ctx) =>
      transferAtCommit(ctx, [
        {
          id: newId(),
          orderId: order.id,
          debitAccountId: accountId(order.id, "available", order.currency),
          creditAccountId: accountId(order.id, "held", order.currency),
          amount,
          code: "hold",
          causeId: newId(),
        },
      ]),
    );
  await take(58n);
  await reviewOrders(job());
  expect(await state()).toBe("active");
  await take(1n);
  await reviewOrders(job());
  await reviewOrders(job());
  expect(await state()).toBe("nearly_used");
  await take(8n);
  await reviewOrders(job());
  await reviewOrders(job());
  expect(await state()).toBe("used_up");
  const events = await db.sql`select name from outbox where data->>'orderId' = ${order.id} order by id`;
  expect(events.map((e) => e.name).slice(2)).toEqual(["orders/order.nearly_used", "orders/order.used_up"]);
});
