/** Keeps a campaign's waiting messages back, or lets them go again: pause, resume, and the first act of a stop. */
import { notifyWorkers } from "#server/domain/messages/write-batch.ts";
import type { InTx } from "#server/kernel/context.ts";

/**
 * Messages that a worker holds at this moment may still go out; if they come back to the queue, they stay there.
 * Messages in review stay held: their moderators let them go. Rows are locked in the order of their ids, as everywhere.
 */
export async function holdQueue(ctx: InTx, input: { campaignId: string; isHeld: boolean }): Promise<void> {
  const { campaignId, isHeld } = input;
  const locked = await ctx.tx.sql<{ id: string }[]>`
    select message_id as id from send_queue
    where campaign_id = ${campaignId} and is_held <> ${isHeld} order by message_id for update`;
  const ids = locked.map((row) => row.id);
  if (ids.length === 0) return;
  if (isHeld) {
    await ctx.tx.sql`update send_queue set is_held = true where message_id = any(${ids}::uuid[])`;
    return;
  }
  const released = await ctx.tx.sql<{ connectorId: string }[]>`
    update send_queue q set is_held = false
    from messages m
    where q.message_id = any(${ids}::uuid[]) and m.id = q.message_id and m.status <> 'review'
      and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    returning q.connector_id as "connectorId"`;
  notifyWorkers(
    ctx,
    released.map((row) => row.connectorId),
  );
}
