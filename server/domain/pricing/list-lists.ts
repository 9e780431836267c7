/** Lists a seller's price lists, newest first. */
import { type ListPriceLists, listPriceLists as schema } from "#server/domain/pricing/input.ts";
import type { PriceList } from "#server/domain/pricing/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export type PriceListWithUse = PriceList & { lineCount: number; orderCount: number };

/** @throws not_found `tenant_not_found` */
export async function listPriceLists(ctx: Context, input: ListPriceLists = {}): Promise<Page<PriceListWithUse>> {
  allow(ctx, "prices.read");
  const { tenantId = ctx.tenantId, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const { sql } = ctx.tx;
    const rows = await sql<PriceListWithUse[]>`
      select p.id, p.tenant_id as "tenantId", p.name, p.currency, p.post_on as "postOn", p.created_at as "createdAt",
        p.updated_at as "updatedAt",
        (select count(*)::int from price_list_items i where i.price_list_id = p.id) as "lineCount",
        (select count(*)::int from orders o where o.price_list_id = p.id) as "orderCount"
      from price_lists p
      where p.tenant_id = ${tenantId} ${cursor ? sql`and p.id < ${cursor}` : sql``}
      order by p.id desc limit ${limit + 1}`;
    return toPage([...rows], limit);
  });
}
