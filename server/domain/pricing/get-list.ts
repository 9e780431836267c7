/** One price list with its lines, for its seller and those above. */
import { asc, eq, sql } from "drizzle-orm";
import { priceListItems } from "#db/schema/orders.ts";
import { type PriceListById, priceListById as schema } from "#server/domain/pricing/input.ts";
import { type PriceList, priceListInScope } from "#server/domain/pricing/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type PriceListDetail = PriceList & { items: (typeof priceListItems.$inferSelect)[] };

/** @throws not_found `price_list_not_found` */
export async function getPriceList(ctx: Context, input: PriceListById): Promise<PriceListDetail> {
  allow(ctx, "prices.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const list = await priceListInScope(ctx, id);
    const items = await ctx.tx.db
      .select()
      .from(priceListItems)
      .where(eq(priceListItems.priceListId, id))
      .orderBy(
        asc(priceListItems.country),
        sql`${priceListItems.operatorId} nulls first`,
        asc(priceListItems.trafficClass),
      );
    return { ...list, items };
  });
}
