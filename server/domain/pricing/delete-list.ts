/** Deletes a price list that no order uses. */
import { eq } from "drizzle-orm";
import { orders, priceLists } from "#db/schema/orders.ts";
import { type PriceListById, priceListById as schema } from "#server/domain/pricing/input.ts";
import { priceListInScope } from "#server/domain/pricing/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `price_list_not_found` · conflict `price_list_in_use` */
export async function deletePriceList(ctx: Context, input: PriceListById): Promise<{ id: string }> {
  allow(ctx, "prices.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const list = await priceListInScope(ctx, id);
    const [used] = await ctx.tx.db.select({ id: orders.id }).from(orders).where(eq(orders.priceListId, id)).limit(1);
    if (used) throw conflict("price_list_in_use", "Orders use this price list, so it stays.");
    await ctx.tx.db.delete(priceLists).where(eq(priceLists.id, id));
    await audit(ctx, {
      action: "prices.delete",
      subjectType: "price_list",
      subjectId: id,
      tenantId: list.tenantId,
      detail: { name: list.name },
    });
    return { id };
  });
}
