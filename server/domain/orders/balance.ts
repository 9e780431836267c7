/** What the actor's tenant can still send from: the sums of its running purchase orders, one line a currency. */
import {
  figureColumns,
  figureJoins,
  figuresFor,
  type OrderRow,
  type OrderWithFigures,
} from "#server/domain/orders/figures.ts";
import { isVisible } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";

/** Micro-units of the currency, and parts. Null = at least one order is not bounded that way, or money not to be seen. */
export type Volume = { micros: bigint | null; parts: bigint | null };
export type Balance = { currency: string; left: Volume; held: Volume; spent: Volume; orderIds: string[] };

/** Running orders of one buyer; a bound, far above what anybody has. */
const maxOrders = 1_000;

export async function balance(ctx: Context): Promise<Balance[]> {
  allow(ctx, "orders.read");
  const rows = await inTransaction(ctx, (ctx) => {
    const now = ctx.clock.now();
    return ctx.tx.sql<OrderRow[]>`
      select ${figureColumns(ctx)} from orders o join tenants b on b.id = o.buyer_id ${figureJoins(ctx)}
      where ${isVisible(ctx)} and o.buyer_id = ${ctx.tenantId} and o.status in ('active', 'nearly_used')
        and o.valid_from <= ${now} and o.valid_until > ${now}
      order by o.valid_until, o.id limit ${maxOrders}`;
  });
  const byCurrency = new Map<string, OrderWithFigures[]>();
  for (const row of rows) {
    byCurrency.set(row.currency, [...(byCurrency.get(row.currency) ?? []), figuresFor(ctx, row)]);
  }
  return [...byCurrency].map(([currency, own]) => ({
    currency,
    left: { micros: sum(own, (o) => o.leftMicros), parts: sum(own, (o) => o.leftParts) },
    held: { micros: sum(own, (o) => o.heldMicros), parts: sum(own, (o) => o.heldParts) },
    spent: { micros: sum(own, (o) => o.spentMicros), parts: sum(own, (o) => o.spentParts) },
    orderIds: own.map((o) => o.id),
  }));
}

function sum(orders: OrderWithFigures[], figure: (order: OrderWithFigures) => bigint | null): bigint | null {
  return orders.reduce<bigint | null>((total, order) => {
    const value = figure(order);
    return total === null || value === null ? null : total + value;
  }, 0n);
}
