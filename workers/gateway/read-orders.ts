/** GET /api/v1/orders, /api/v1/orders/{id} and /api/v1/balance. */
import { balance as readBalance, type Volume as Sums } from "#server/domain/orders/balance.ts";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";
import { getOrder } from "#server/domain/orders/get.ts";
import { listOrders } from "#server/domain/orders/list.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import { balance, byId, orderDetail, orderPage, orderQuery } from "#workers/gateway/bodies.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";

export const orderEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/orders",
    operationId: "listOrders",
    summary: "Orders that the account buys or sells, newest first, with what is left of each.",
    scope: "orders.read",
    query: orderQuery,
    status: 200,
    answer: orderPage,
    async handle({ ctx, query }) {
      const { status, ...rest } = parse(orderQuery, query);
      const page = await listOrders(ctx, { ...rest, ...(status ? { status: [status] } : {}) });
      return { items: page.items.map(orderView), nextCursor: page.nextCursor };
    },
  },
  {
    method: "GET",
    path: "/api/v1/orders/{id}",
    operationId: "getOrder",
    summary: "One order with its prices.",
    scope: "orders.read",
    params: byId,
    status: 200,
    answer: orderDetail,
    async handle({ ctx, params }) {
      const order = await getOrder(ctx, parse(byId, params));
      const prices = order.prices.map(({ country, operatorId, trafficClass, unitPriceMicros }) => ({
        country,
        operator: operatorId,
        class: trafficClass,
        unitPrice: money(unitPriceMicros, order.currency),
      }));
      return { ...orderView(order), prices };
    },
  },
  {
    method: "GET",
    path: "/api/v1/balance",
    operationId: "getBalance",
    summary: "What the account can still send from: its running orders, summed by currency.",
    scope: "orders.read",
    status: 200,
    answer: balance,
    async handle({ ctx }) {
      const balances = (await readBalance(ctx)).map(({ currency, left, held, spent, orderIds }) => ({
        currency,
        left: volume(left, currency),
        held: volume(held, currency),
        spent: volume(spent, currency),
        orders: orderIds,
      }));
      return { balances };
    },
  },
];

function orderView(order: OrderWithFigures) {
  const { id, number, kind, status, buyerName, currency, validFrom, validUntil } = order;
  const { leftMicros, leftParts, heldMicros, heldParts, spentMicros, spentParts } = order;
  return {
    id,
    number,
    kind,
    status,
    buyer: buyerName,
    currency,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil.toISOString(),
    left: volume({ micros: leftMicros, parts: leftParts }, currency),
    held: volume({ micros: heldMicros, parts: heldParts }, currency),
    spent: volume({ micros: spentMicros, parts: spentParts }, currency),
  };
}

const volume = ({ micros, parts }: Sums, currency: string) => ({
  money: micros === null ? null : money(micros, currency),
  parts: parts === null ? null : Number(parts),
});
const money = (micros: bigint, currency: string) => ({ amount: formatMicros(micros, currency), currency });
