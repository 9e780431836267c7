/** Closes a running order before its end: it takes no new holds, and what it holds still settles. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { lockOrder } from "#server/domain/ledger/accounts.ts";
import { runningStatuses } from "#server/domain/ledger/usage.ts";
import { orderClosed, orderMove } from "#server/domain/orders/events.ts";
import { type CloseOrder, closeOrder as schema } from "#server/domain/orders/input.ts";
import { type Order, orderInScope, soldOrderInScope } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/** Closing twice changes nothing. @throws conflict `order_not_running` */
export async function closeOrder(ctx: Context, input: CloseOrder): Promise<Order> {
  allow(ctx, "orders.write");
  const { id, reason } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await orderInScope(ctx, id);
    // Accounts before the row, as in a hold, so that the two never wait for each other in a circle.
    await lockOrder(ctx, id);
    const before = await soldOrderInScope(ctx, id);
    if (before.status === "closed") return before;
    if (!runningStatuses.some((status) => status === before.status)) {
      throw conflict("order_not_running", "Only a running order can be closed.");
    }
    const [row = before] = await ctx.tx.db
      .update(orders)
      .set({ status: "closed", endedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .where(eq(orders.id, id))
      .returning();
    await audit(ctx, {
      action: "orders.close",
      subjectType: "order",
      subjectId: id,
      tenantId: before.sellerId,
      detail: { reason },
    });
    await emit(ctx, orderClosed, orderMove(before), before.sellerId);
    return row;
  });
}
