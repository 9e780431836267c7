/** Moves running orders between active, nearly used and used up, and tells so once per move. */

import { partsUnit } from "#server/domain/ledger/accounts.ts";
import { orderNearlyUsed, orderUsedUp } from "#server/domain/ledger/events.ts";
import {
  nextStatus,
  type RunningStatus,
  roomOf,
  runningStatuses,
  type Usage,
  usedPercent,
} from "#server/domain/ledger/usage.ts";
import type { InTx } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";

export type UsedOrder = Usage & {
  id: string;
  number: string;
  sellerId: string;
  buyerId: string;
  status: RunningStatus;
  amountMicros: bigint | null;
  partsLimit: bigint | null;
};

/** The caller holds the orders' accounts, so nobody else moves these at the same time. */
export async function moveStatuses(ctx: InTx, orders: UsedOrder[]): Promise<void> {
  const moves = orders
    .map((order) => ({ order, status: nextStatus(order.status, order) }))
    .filter((m) => m.status !== m.order.status);
  if (moves.length === 0) return;
  // The guard on status: an order that expired meanwhile stays expired.
  const moved = await ctx.tx.sql<{ id: string }[]>`
    update orders o set status = n.status, updated_at = ${ctx.clock.now()}
    from unnest(${moves.map((m) => m.order.id)}::uuid[], ${moves.map((m) => m.status)}::text[]) as n(id, status)
    where o.id = n.id and o.status = any(${[...runningStatuses]}::text[]) and o.status <> n.status
    returning o.id`;
  const movedIds = new Set(moved.map((r) => r.id));
  for (const { order, status } of moves) {
    if (!movedIds.has(order.id) || status === "active") continue;
    // From used up back to nearly used is good news: nobody is warned of it.
    if (status === "nearly_used" && order.status === "used_up") continue;
    await emit(ctx, status === "used_up" ? orderUsedUp : orderNearlyUsed, eventData(order), order.sellerId);
  }
}

/** Reads the orders' room and moves their statuses: after money came back or was added. */
export async function reviewStatuses(ctx: InTx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const rows = await ctx.tx.sql<(Omit<UsedOrder, "money" | "parts"> & RoomColumns)[]>`
    select o.id, o.number, o.seller_id as "sellerId", o.buyer_id as "buyerId", o.status,
      o.amount_micros as "amountMicros", o.parts_limit as "partsLimit", o.nearly_used_percent as "nearlyUsedPercent",
      (select min(i.unit_price_micros) from price_list_items i where i.price_list_id = o.price_list_id) as "cheapestMicros",
      ma.balance as money, ma.floor as "moneyFloor", -mf.balance as "moneyFunded",
      pa.balance as parts, pa.floor as "partsFloor", -pf.balance as "partsFunded"
    from orders o
    join ledger_accounts ma on ma.order_id = o.id and ma.kind = 'available' and ma.unit = o.currency
    join ledger_accounts mf on mf.order_id = o.id and mf.kind = 'funding' and mf.unit = o.currency
    join ledger_accounts pa on pa.order_id = o.id and pa.kind = 'available' and pa.unit = ${partsUnit}
    join ledger_accounts pf on pf.order_id = o.id and pf.kind = 'funding' and pf.unit = ${partsUnit}
    where o.id = any(${orderIds}::uuid[]) and o.status = any(${[...runningStatuses]}::text[])`;
  await moveStatuses(
    ctx,
    rows.map((r) => ({
      ...r,
      money: roomOf(r.money, r.moneyFunded, r.moneyFloor),
      parts: roomOf(r.parts, r.partsFunded, r.partsFloor),
    })),
  );
}

type RoomColumns = {
  money: bigint;
  moneyFloor: bigint | null;
  moneyFunded: bigint;
  parts: bigint;
  partsFloor: bigint | null;
  partsFunded: bigint;
};

const eventData = (order: UsedOrder) => ({
  orderId: order.id,
  number: order.number,
  sellerId: order.sellerId,
  buyerId: order.buyerId,
  usedPercent: usedPercent(order),
  amountMicros: order.amountMicros?.toString() ?? null,
  partsLimit: order.partsLimit?.toString() ?? null,
});
