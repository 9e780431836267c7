/** Edits a draft. A signed order is changed by a top-up, so that what was agreed stays on record. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { priceListTerms } from "#server/domain/orders/create.ts";
import { updateOrder as schema, type UpdateOrder } from "#server/domain/orders/input.ts";
import { type Order, soldOrderInScope } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws conflict `order_not_draft` · invalid_input `order_unbounded`, `order_validity` */
export async function updateOrder(ctx: Context, input: UpdateOrder): Promise<Order> {
  allow(ctx, "orders.write");
  const { id, ...changes } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await soldOrderInScope(ctx, id);
    if (before.status !== "draft") {
      throw conflict("order_not_draft", "A signed order cannot be edited. Top it up, or close it and make a new one.");
    }
    const after = { ...before, ...changes };
    if (after.amountMicros === null && after.partsLimit === null) {
      throw invalidInput("order_unbounded", "Bound the order by an amount, by parts, or by both.", {
        field: "amountMicros",
      });
    }
    if (after.validUntil <= after.validFrom) {
      throw invalidInput("order_validity", "The end must be after the start.", { field: "validUntil" });
    }
    const terms = await priceListTerms(ctx, after.priceListId, before.sellerId);
    const [row = before] = await ctx.tx.db
      .update(orders)
      .set({ ...changes, ...terms, updatedAt: ctx.clock.now() })
      .where(eq(orders.id, id))
      .returning();
    await audit(ctx, {
      action: "orders.update",
      subjectType: "order",
      subjectId: id,
      tenantId: before.sellerId,
      detail: changes,
    });
    return row;
  });
}
