/** Scoping: an order is seen from its buyer's side and from above; it is changed from its seller's side only. */
import type { orders } from "#db/schema/orders.ts";
import type { InTx } from "#server/kernel/context.ts";
import { DomainError, notFound } from "#server/kernel/errors.ts";

export type Order = typeof orders.$inferSelect;

/** The columns of an order, named as in code. */
export const orderColumns = (ctx: InTx) => ctx.tx.sql`
  o.id, o.number, o.seller_id as "sellerId", o.buyer_id as "buyerId", o.price_list_id as "priceListId", o.kind,
  o.currency, o.post_on as "postOn", o.amount_micros as "amountMicros", o.parts_limit as "partsLimit",
  o.valid_from as "validFrom", o.valid_until as "validUntil", o.sender_names as "senderNames",
  o.nearly_used_percent as "nearlyUsedPercent", o.status, o.note, o.signed_at as "signedAt",
  o.activated_at as "activatedAt", o.ended_at as "endedAt", o.created_at as "createdAt", o.updated_at as "updatedAt"`;

/**
 * Every buyer is a child of its seller, so "the buyer is in my subtree" is exactly "I, or somebody below me, sell or
 * buy here". What was never signed is the seller's own business: the buyer does not see it.
 */
export const isVisible = (ctx: InTx) => ctx.tx.sql`
  b.ancestors @> array[${ctx.tenantId}::uuid] and (o.buyer_id <> ${ctx.tenantId} or o.signed_at is not null)`;

/** @throws not_found `order_not_found`, also for an order that exists outside the scope */
export async function orderInScope(ctx: InTx, orderId: string): Promise<Order> {
  const [row] = await ctx.tx.sql<Order[]>`
    select ${orderColumns(ctx)} from orders o join tenants b on b.id = o.buyer_id
    where o.id = ${orderId} and ${isVisible(ctx)}`;
  if (!row) throw notFound("order");
  return row;
}

/**
 * For a change, with the row locked: the seller's side only.
 * @throws not_found `order_not_found` · forbidden `not_the_seller` for the buyer, who may read it
 */
export async function soldOrderInScope(ctx: InTx, orderId: string): Promise<Order> {
  const order = await orderInScope(ctx, orderId);
  if (order.buyerId === ctx.tenantId) {
    throw new DomainError("forbidden", "not_the_seller", "Only the seller changes an order. Ask your provider.");
  }
  const [row = order] = await ctx.tx.sql<Order[]>`
    select ${orderColumns(ctx)} from orders o where o.id = ${orderId} for no key update`;
  return row;
}
