/** Cancels an order that has not started: a draft, or one signed for later. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { type OrderById, orderById as schema } from "#server/domain/orders/input.ts";
import { type Order, soldOrderInScope } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Cancelling twice changes nothing. @throws conflict `order_started` */
export async function cancelOrder(ctx: Context, input: OrderById): Promise<Order> {
  allow(ctx, "orders.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await soldOrderInScope(ctx, id);
    if (before.status === "cancelled") return before;
    if (before.status !== "draft" && before.status !== "signed") {
      throw conflict("order_started", "This order has started. Close it instead.");
    }
    const [row = before] = await ctx.tx.db
      .update(orders)
      .set({ status: "cancelled", endedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .where(eq(orders.id, id))
      .returning();
    await audit(ctx, { action: "orders.cancel", subjectType: "order", subjectId: id, tenantId: before.sellerId });
    return row;
  });
}
