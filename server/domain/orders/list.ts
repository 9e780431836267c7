/** Lists orders, newest first, with what is left of each. */
import {
  figureColumns,
  figureJoins,
  figuresFor,
  type OrderRow,
  type OrderWithFigures,
} from "#server/domain/orders/figures.ts";
import { type ListOrders, listOrders as schema } from "#server/domain/orders/input.ts";
import { isVisible } from "#server/domain/orders/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `tenant_not_found` for a tenant outside the scope */
export async function listOrders(ctx: Context, input: ListOrders = {}): Promise<Page<OrderWithFigures>> {
  allow(ctx, "orders.read");
  const { tenantId = ctx.tenantId, role, status, counterpartyId, priceListId, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    if (tenantId !== ctx.tenantId) await tenantInScope(ctx, tenantId);
    const { sql } = ctx.tx;
    const whose =
      role === "seller"
        ? sql`o.seller_id = ${tenantId}`
        : role === "buyer"
          ? sql`o.buyer_id = ${tenantId}`
          : sql`b.ancestors @> array[${tenantId}::uuid]`;
    const rows = await sql<OrderRow[]>`
      select ${figureColumns(ctx)} from orders o join tenants b on b.id = o.buyer_id ${figureJoins(ctx)}
      where ${isVisible(ctx)} and ${whose}
        ${status?.length ? sql`and o.status = any(${status}::text[])` : sql``}
        ${counterpartyId ? sql`and ${counterpartyId}::uuid in (o.seller_id, o.buyer_id)` : sql``}
        ${priceListId ? sql`and o.price_list_id = ${priceListId}` : sql``}
        ${cursor ? sql`and o.id < ${cursor}` : sql``}
      order by o.id desc limit ${limit + 1}`;
    return toPage(
      rows.map((row) => figuresFor(ctx, row)),
      limit,
    );
  });
}
