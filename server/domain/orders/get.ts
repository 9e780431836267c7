/** One order with its figures and its prices. A buyer reads what it pays, never what its seller pays. */
import {
  figureColumns,
  figureJoins,
  figuresFor,
  type OrderRow,
  type OrderWithFigures,
} from "#server/domain/orders/figures.ts";
import { type OrderById, orderById as schema } from "#server/domain/orders/input.ts";
import { isVisible } from "#server/domain/orders/scope.ts";
import { allow, seesMoney } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

export type OrderPrice = {
  country: string;
  /** Null = every operator of the country that has no line of its own. */
  operatorId: string | null;
  trafficClass: "otp" | "transactional" | "bulk";
  unitPriceMicros: bigint;
};
/** `prices` is empty for those who may not see money. */
export type OrderDetail = OrderWithFigures & { prices: OrderPrice[] };

/** Lines of one list that an answer carries at most. */
const maxPrices = 2_000;

/** @throws not_found `order_not_found` */
export async function getOrder(ctx: Context, input: OrderById): Promise<OrderDetail> {
  allow(ctx, "orders.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx.sql<OrderRow[]>`
      select ${figureColumns(ctx)} from orders o join tenants b on b.id = o.buyer_id ${figureJoins(ctx)}
      where o.id = ${id} and ${isVisible(ctx)}`;
    if (!row) throw notFound("order");
    const order = figuresFor(ctx, row);
    if (!seesMoney(ctx)) return { ...order, prices: [] };
    const prices = await ctx.tx.sql<OrderPrice[]>`
      select country, operator_id as "operatorId", traffic_class as "trafficClass", unit_price_micros as "unitPriceMicros"
      from price_list_items where price_list_id = ${order.priceListId}
      order by country, operator_id nulls first, traffic_class limit ${maxPrices}`;
    return { ...order, prices: [...prices] };
  });
}
