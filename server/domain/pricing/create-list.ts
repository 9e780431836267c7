/** Makes a price list: what a seller asks for a part, by country, operator and traffic class. */
import { priceLists } from "#db/schema/orders.ts";
import { type CreatePriceList, createPriceList as schema } from "#server/domain/pricing/input.ts";
import { insertLines, type PriceList, priceListInScope } from "#server/domain/pricing/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Idempotent by `input.id`. @throws not_found seller outside the scope · conflict `price_list_id_taken` · invalid_input `unknown_operator` */
export async function createPriceList(ctx: Context, input: CreatePriceList): Promise<PriceList> {
  allow(ctx, "prices.write");
  const { items, tenantId = ctx.tenantId, ...wanted } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const [row] = await ctx.tx.db
      .insert(priceLists)
      .values({ ...wanted, tenantId, createdAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    if (!row) {
      const known = await priceListInScope(ctx, wanted.id).catch(() => null);
      if (known?.tenantId === tenantId && known.name === wanted.name) return known;
      throw conflict("price_list_id_taken", "This id is in use. Choose a new one.");
    }
    await insertLines(ctx, row, items);
    await audit(ctx, {
      action: "prices.create",
      subjectType: "price_list",
      subjectId: row.id,
      tenantId,
      detail: { name: row.name, currency: row.currency, postOn: row.postOn, items },
    });
    return row;
  });
}
