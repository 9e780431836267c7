/** Moves the status of orders that are further used than it says: what two batches took at one moment, each saw alone. */
import { partsUnit } from "#server/domain/ledger/accounts.ts";
import { reviewStatuses } from "#server/domain/ledger/move-status.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

const batchSize = 200;

/**
 * For a cron job of the platform: at most one batch a call. The next message through such an order would move it as well;
 * this is for the order through which none comes any more.
 * @returns how many; ask again while it is not done
 */
export async function reviewOrders(ctx: Context): Promise<{ reviewed: number; isDone: boolean }> {
  if (ctx.actor.type !== "job") throw forbidden("orders.write");
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<{ id: string }[]>`
      select o.id from orders o
      cross join lateral (
        select bool_or(percent >= o.nearly_used_percent) as is_near, bool_or(unit = ${partsUnit} and unused < 1
            or unit = o.currency and unused < (
              select min(i.unit_price_micros) from price_list_items i where i.price_list_id = o.price_list_id)) as is_used_up
        from (
          select a.unit, a.balance - a.floor as unused,
            (-f.balance - a.balance) * 100 / greatest(-f.balance - a.floor, 1) as percent
          from ledger_accounts a
          join ledger_accounts f on f.order_id = a.order_id and f.unit = a.unit and f.kind = 'funding'
          where a.order_id = o.id and a.kind = 'available' and a.floor is not null) room) used
      where (o.status = 'active' and used.is_near) or (o.status in ('active', 'nearly_used') and used.is_used_up)
      order by o.id limit ${batchSize}`;
    const ids = rows.map((row) => row.id);
    // Whoever holds the accounts is alone with the orders' statuses.
    if (ids.length > 0) {
      await ctx.tx.sql`
        select 1 from ledger_accounts where order_id = any(${ids}::uuid[]) and kind = 'available' order by id for no key update`;
    }
    await reviewStatuses(ctx, ids);
    return { reviewed: ids.length, isDone: ids.length < batchSize };
  });
}
