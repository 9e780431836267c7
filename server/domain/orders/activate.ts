/** Activates signed orders whose validity has begun: opens their accounts and puts on them what was agreed. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { accountId, openAccounts, partsUnit } from "#server/domain/ledger/accounts.ts";
import { type Transfer, transfer } from "#server/domain/ledger/transfer.ts";
import { orderActivated, orderMove } from "#server/domain/orders/events.ts";
import { type Order, orderColumns } from "#server/domain/orders/scope.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { namedId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

const batchSize = 100;

/** For a cron job of the platform: at most one batch a call. @returns how many; ask again while it is a full batch */
export async function activateOrders(ctx: Context): Promise<{ activated: number; isDone: boolean }> {
  if (ctx.actor.type !== "job") throw forbidden("orders.write");
  return asSystem(ctx, async (ctx) => {
    const due = await ctx.tx.sql<Order[]>`
      select ${orderColumns(ctx)} from orders o
      where o.status = 'signed' and o.valid_from <= ${ctx.clock.now()} and o.valid_until > ${ctx.clock.now()}
      order by o.valid_from, o.id limit ${batchSize} for no key update skip locked`;
    for (const order of due) await activateLocked(ctx, order);
    return { activated: due.length, isDone: due.length < batchSize };
  });
}

/** The caller holds the order's row, and it is signed. */
export async function activateLocked(ctx: InTx, order: Order): Promise<Order> {
  await openAccounts(ctx, { ...order, orderId: order.id });
  await transfer(ctx, [
    // Postpaid money is not paid in: its credit limit is the floor of the available account.
    ...(order.kind === "prepaid" ? fund(order, order.currency, order.amountMicros, order.id) : []),
    ...fund(order, partsUnit, order.partsLimit, order.id),
  ]);
  const [row = order] = await ctx.tx.db
    .update(orders)
    .set({ status: "active", activatedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
    .where(eq(orders.id, order.id))
    .returning();
  await audit(ctx, {
    action: "orders.activate",
    subjectType: "order",
    subjectId: order.id,
    tenantId: order.sellerId,
  });
  await emit(ctx, orderActivated, orderMove(order), order.sellerId);
  return row;
}

/** @param causeId the order at activation, the change at a top-up: it makes the transfer's id */
export function fund(order: { id: string }, unit: string, amount: bigint | null, causeId: string): Transfer[] {
  if (amount === null) return [];
  return [
    {
      id: namedId("fund", causeId, unit),
      orderId: order.id,
      debitAccountId: accountId(order.id, "funding", unit),
      creditAccountId: accountId(order.id, "available", unit),
      amount,
      code: "fund",
      causeId,
    },
  ];
}
