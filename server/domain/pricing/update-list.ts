/** Changes a price list. Messages that are under way keep the price they were accepted at. */
import { eq } from "drizzle-orm";
import { priceListItems, priceLists } from "#db/schema/orders.ts";
import { updatePriceList as schema, type UpdatePriceList } from "#server/domain/pricing/input.ts";
import { insertLines, type PriceList, priceListInScope } from "#server/domain/pricing/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `price_list_not_found` · invalid_input `unknown_operator` */
export async function updatePriceList(ctx: Context, input: UpdatePriceList): Promise<PriceList> {
  allow(ctx, "prices.write");
  const { id, items, ...changes } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await priceListInScope(ctx, id);
    // Taken first, so that two editors replace the lines one after the other.
    const [row = before] = await ctx.tx.db
      .update(priceLists)
      .set({ ...changes, updatedAt: ctx.clock.now() })
      .where(eq(priceLists.id, id))
      .returning();
    if (items) {
      await ctx.tx.db.delete(priceListItems).where(eq(priceListItems.priceListId, id));
      await insertLines(ctx, before, items);
    }
    await audit(ctx, {
      action: "prices.update",
      subjectType: "price_list",
      subjectId: id,
      tenantId: before.tenantId,
      detail: { ...changes, ...(items ? { items } : {}) },
    });
    return row;
  });
}
