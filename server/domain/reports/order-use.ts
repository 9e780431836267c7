/** What went through an order and what is left of it: counters from the rollups, balances from the ledger. */
import { type OrderUse, orderUse as schema } from "#server/domain/reports/input.ts";
import { allow, seesMoney } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

export type OrderBalance = {
  orderId: string;
  number: string;
  status: string;
  currency: string;
  validUntil: Date;
  /** Null = not bounded by it. */
  limitMicros: bigint | null;
  leftMicros: bigint | null;
  /** Null, as every amount is, for those who may not see money. */
  heldMicros: bigint | null;
  spentMicros: bigint | null;
  limitParts: bigint | null;
  leftParts: bigint | null;
  heldParts: bigint;
  spentParts: bigint;
};
export type OrderFigures = OrderBalance & {
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  unknown: number;
};

/** Of an order that the viewer bought or sold. @throws not_found `order_not_found` */
export async function getOrderUse(ctx: Context, input: OrderUse): Promise<OrderFigures> {
  allow(ctx, "orders.read");
  const { orderId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const { sql } = ctx.tx;
    const [balance] = await balances(
      ctx,
      sql`o.id = ${orderId} and (o.seller_id = ${ctx.tenantId} or o.buyer_id = ${ctx.tenantId})`,
    );
    if (!balance) throw notFound("order");
    const [counts] = await sql<Omit<OrderFigures, keyof OrderBalance>[]>`
      select coalesce(sum(r.accepted_count), 0)::float8 as accepted, coalesce(sum(r.sent_count), 0)::float8 as sent,
        coalesce(sum(r.delivered_count), 0)::float8 as delivered, coalesce(sum(r.failed_count), 0)::float8 as failed,
        coalesce(sum(r.unknown_count), 0)::float8 as unknown
      from rate_hops h join report_rollups r on r.rate_id = h.rate_id where h.order_id = ${orderId}`;
    return { ...balance, ...(counts ?? { accepted: 0, sent: 0, delivered: 0, failed: 0, unknown: 0 }) };
  });
}

/** The viewer's running purchases, those that expire first in front. */
export function ownBalances(ctx: InTx): Promise<OrderBalance[]> {
  const { sql } = ctx.tx;
  return balances(ctx, sql`o.buyer_id = ${ctx.tenantId} and o.status in ('active', 'nearly_used', 'used_up')`);
}

async function balances(ctx: InTx, which: ReturnType<typeof ctx.tx.sql>): Promise<OrderBalance[]> {
  const rows = await ctx.tx.sql<OrderBalance[]>`
    select o.id as "orderId", o.number, o.status, o.currency, o.valid_until as "validUntil",
      o.amount_micros as "limitMicros", o.parts_limit as "limitParts",
      case when o.activated_at is null then o.amount_micros else a.left_micros end as "leftMicros",
      case when o.activated_at is null then o.parts_limit else a.left_parts end as "leftParts",
      coalesce(a.held_micros, 0)::bigint as "heldMicros", coalesce(a.spent_micros, 0)::bigint as "spentMicros",
      coalesce(a.held_parts, 0)::bigint as "heldParts", coalesce(a.spent_parts, 0)::bigint as "spentParts"
    from orders o
    left join lateral (
      select max(balance - floor) filter (where kind = 'available' and unit <> 'PARTS') as left_micros,
        max(balance) filter (where kind = 'held' and unit <> 'PARTS') as held_micros,
        max(balance) filter (where kind = 'spent' and unit <> 'PARTS') as spent_micros,
        max(balance - floor) filter (where kind = 'available' and unit = 'PARTS') as left_parts,
        max(balance) filter (where kind = 'held' and unit = 'PARTS') as held_parts,
        max(balance) filter (where kind = 'spent' and unit = 'PARTS') as spent_parts
      from ledger_accounts where order_id = o.id) a on true
    where ${which} order by o.valid_until, o.id limit 50`;
  if (seesMoney(ctx)) return [...rows];
  return rows.map((row) => ({ ...row, limitMicros: null, leftMicros: null, heldMicros: null, spentMicros: null }));
}
