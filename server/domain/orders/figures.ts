/** An order as people read it: both sides' names where they may be seen, what is sold, sent and left. */
import { type Order, orderColumns } from "#server/domain/orders/scope.ts";
import { usedShare } from "#server/domain/orders/used-share.ts";
import { seesMoney } from "#server/kernel/allow.ts";
import type { Context, InTx } from "#server/kernel/context.ts";

export type OrderRow = Order & {
  /** Null when the seller is above the reader: its provider goes by its brand only. */
  sellerName: string | null;
  buyerName: string;
  /** May the reader change it? */
  isSeller: boolean;
  /** Micro-units of the order's currency. What may still be used: null = not bounded by amount. */
  leftMicros: bigint | null;
  heldMicros: bigint;
  spentMicros: bigint;
  /** Null = not bounded by parts. */
  leftParts: bigint | null;
  heldParts: bigint;
  spentParts: bigint;
};

/** What an order says in money. */
type InMoney = "amountMicros" | "leftMicros" | "heldMicros" | "spentMicros";

/** For those who may not see money, all of it is null. */
export type OrderWithFigures = Omit<OrderRow, InMoney> & { [K in InMoney]: bigint | null } & {
  /** Spent or held of what was agreed, 0 to 1, in the dimension that is used most: not money, so everybody sees it. */
  usedShare: number;
};

export function figuresFor(ctx: Pick<Context, "actor">, row: OrderRow): OrderWithFigures {
  const order = { ...row, usedShare: usedShare(row) };
  if (seesMoney(ctx)) return order;
  return { ...order, amountMicros: null, leftMicros: null, heldMicros: null, spentMicros: null };
}

/** Selects of `orders o join tenants b` (the buyer); the accounts do not exist before the order is active. */
export const figureColumns = (ctx: InTx) => ctx.tx.sql`
  ${orderColumns(ctx)}, b.name as "buyerName", s.name as "sellerName", o.buyer_id <> ${ctx.tenantId} as "isSeller",
  case when o.activated_at is null then o.amount_micros else acc.left_micros end as "leftMicros",
  coalesce(acc.held_micros, 0) as "heldMicros", coalesce(acc.spent_micros, 0) as "spentMicros",
  case when o.activated_at is null then o.parts_limit else acc.left_parts end as "leftParts",
  coalesce(acc.held_parts, 0) as "heldParts", coalesce(acc.spent_parts, 0) as "spentParts"`;

export const figureJoins = (ctx: InTx) => ctx.tx.sql`
  left join tenants s on s.id = o.seller_id and s.ancestors @> array[${ctx.tenantId}::uuid]
  left join lateral (
    select max(balance - floor) filter (where kind = 'available' and unit <> 'PARTS') as left_micros,
      max(balance) filter (where kind = 'held' and unit <> 'PARTS') as held_micros,
      max(balance) filter (where kind = 'spent' and unit <> 'PARTS') as spent_micros,
      max(balance - floor) filter (where kind = 'available' and unit = 'PARTS') as left_parts,
      max(balance) filter (where kind = 'held' and unit = 'PARTS') as held_parts,
      max(balance) filter (where kind = 'spent' and unit = 'PARTS') as spent_parts
    from ledger_accounts a where a.order_id = o.id
  ) acc on true`;
