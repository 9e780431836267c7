/** Ends orders whose time is over. What they hold still settles: settling asks for no status. */
import { orderExpired, orderMove } from "#server/domain/orders/events.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";

const batchSize = 200;

/**
 * For a cron job of the platform: at most one batch a call. Holds look at the end date themselves, so an order is
 * never used late, however late this runs.
 * @returns how many; ask again while it is not done
 */
export async function expireOrders(ctx: Context): Promise<{ expired: number; isDone: boolean }> {
  if (ctx.actor.type !== "job") throw forbidden("orders.write");
  return asSystem(ctx, async (ctx) => {
    const ended = await ctx.tx.sql<{ id: string; number: string; sellerId: string; buyerId: string }[]>`
      update orders set status = 'expired', ended_at = ${ctx.clock.now()}, updated_at = ${ctx.clock.now()}
      where id in (
        select id from orders
        where status in ('signed', 'active', 'nearly_used', 'used_up') and valid_until <= ${ctx.clock.now()}
        order by valid_until limit ${batchSize} for no key update skip locked)
      returning id, number, seller_id as "sellerId", buyer_id as "buyerId"`;
    for (const order of ended) await emit(ctx, orderExpired, orderMove(order), order.sellerId);
    return { expired: ended.length, isDone: ended.length < batchSize };
  });
}
