/** Signs a draft: from here on its terms stand. If its validity has begun it is active at once. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { activateLocked } from "#server/domain/orders/activate.ts";
import { priceListTerms } from "#server/domain/orders/create.ts";
import { orderMove, orderSigned } from "#server/domain/orders/events.ts";
import { type OrderById, orderById as schema } from "#server/domain/orders/input.ts";
import { type Order, soldOrderInScope } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Signing twice changes nothing.
 * @throws conflict `order_cancelled` · invalid_input `order_over`, `price_list_empty`
 */
export async function signOrder(ctx: Context, input: OrderById): Promise<Order> {
  allow(ctx, "orders.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const draft = await soldOrderInScope(ctx, id);
    if (draft.status === "cancelled") throw conflict("order_cancelled", "This order was cancelled. Make a new one.");
    if (draft.status !== "draft") return draft;
    await checkReady(ctx, draft);
    const terms = await priceListTerms(ctx, draft.priceListId, draft.sellerId);
    const [signed = draft] = await ctx.tx.db
      .update(orders)
      .set({ ...terms, status: "signed", signedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .where(eq(orders.id, id))
      .returning();
    await audit(ctx, {
      action: "orders.sign",
      subjectType: "order",
      subjectId: id,
      tenantId: signed.sellerId,
      detail: { amountMicros: signed.amountMicros, partsLimit: signed.partsLimit, currency: signed.currency },
    });
    await emit(ctx, orderSigned, orderMove(signed), signed.sellerId);
    return signed.validFrom <= ctx.clock.now() ? activateLocked(ctx, signed) : signed;
  });
}

async function checkReady(ctx: InTx, draft: Order): Promise<void> {
  if (draft.validUntil <= ctx.clock.now()) {
    throw invalidInput("order_over", "The order's validity has already ended. Set a later end.", {
      field: "validUntil",
    });
  }
  const [line] = await ctx.tx.sql`select 1 from price_list_items where price_list_id = ${draft.priceListId} limit 1`;
  if (!line) {
    throw invalidInput("price_list_empty", "The price list has no prices. Add at least one first.", {
      field: "priceListId",
    });
  }
}
