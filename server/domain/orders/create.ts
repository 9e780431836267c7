/** Drafts an order: what a seller offers to one of its direct children. */

import { and, eq } from "drizzle-orm";
import { locks } from "#db/locks.ts";
import { orders, priceLists } from "#db/schema/orders.ts";
import { type CreateOrder, createOrder as schema } from "#server/domain/orders/input.ts";
import { type Order, orderInScope } from "#server/domain/orders/scope.ts";
import { descendantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * The seller is the buyer's parent: the actor's own tenant or one below it. Idempotent by `input.id`.
 * @throws not_found buyer or price list outside the scope · conflict `order_id_taken`, `order_number_taken`
 */
export async function createOrder(ctx: Context, input: CreateOrder): Promise<Order> {
  allow(ctx, "orders.write");
  const wanted = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const buyer = await descendantInScope(ctx, wanted.buyerId);
    const sellerId = buyer.parentId;
    if (!sellerId) throw notFound("tenant");
    const terms = await priceListTerms(ctx, wanted.priceListId, sellerId);
    const number = wanted.number ?? (await nextNumber(ctx, sellerId, buyer.name));
    const [row] = await ctx.tx.db
      .insert(orders)
      .values({ ...wanted, ...terms, sellerId, number, createdAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    if (!row) return knownDraft(ctx, wanted.id, wanted.buyerId);
    await audit(ctx, {
      action: "orders.create",
      subjectType: "order",
      subjectId: row.id,
      tenantId: sellerId,
      detail: { number, buyerId: buyer.id, kind: row.kind, amountMicros: row.amountMicros, partsLimit: row.partsLimit },
    });
    return row;
  });
}

/** Currency and posting rule come from the list. @throws not_found `price_list_not_found` unless it is the seller's own */
export async function priceListTerms(
  ctx: InTx,
  priceListId: string,
  sellerId: string,
): Promise<{ currency: string; postOn: "accepted" | "delivered" }> {
  const [list] = await ctx.tx.db
    .select({ currency: priceLists.currency, postOn: priceLists.postOn })
    .from(priceLists)
    .where(and(eq(priceLists.id, priceListId), eq(priceLists.tenantId, sellerId)));
  if (!list) throw notFound("price_list");
  return list;
}

async function knownDraft(ctx: InTx, orderId: string, buyerId: string): Promise<Order> {
  const known = await orderInScope(ctx, orderId).catch(() => null);
  if (known?.buyerId === buyerId) return known;
  const [taken] = await ctx.tx.sql`select 1 from orders where id = ${orderId}`;
  throw taken
    ? conflict("order_id_taken", "This id is in use. Choose a new one.")
    : conflict("order_number_taken", "You have an order with this number. Choose another one.", { field: "number" });
}

/** For example HN-2026-0004: the buyer's initials, the year, and the seller's running number. */
async function nextNumber(ctx: InTx, sellerId: string, buyerName: string): Promise<string> {
  await ctx.tx.sql`select pg_advisory_xact_lock(hashtextextended(${sellerId}, ${locks.orderNumber}::int))`;
  const year = ctx.clock.now().getUTCFullYear();
  const [row] = await ctx.tx.sql<{ last: number }[]>`
    select coalesce(max(substring(number from '-([0-9]{4,6})$')::int), 0) as last from orders
    where seller_id = ${sellerId} and number ~ ${`-${year}-[0-9]{4,6}$`}`;
  return `${initials(buyerName)}-${year}-${String((row?.last ?? 0) + 1).padStart(4, "0")}`;
}

function initials(name: string): string {
  const words = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "D")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? words.map((w) => w[0]).join("") : (words[0] ?? "").slice(0, 3);
  return letters.slice(0, 4).toUpperCase() || "ORD";
}
