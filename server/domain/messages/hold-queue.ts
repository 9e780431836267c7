/** Keeps a campaign's waiting messages back, or lets them go again: pause, resume, and the first act of a stop. */
import { notifyWorkers } from "#server/domain/messages/write-batch.ts";
import type { InTx } from "#server/kernel/context.ts";

/**
 * Messages that a worker holds at this moment may still go out; if they come back to the queue, they stay there.
 * Messages in review stay held: their moderators let them go.
 */
export async function holdQueue(ctx: InTx, input: { campaignId: string; isHeld: boolean }): Promise<void> {
  const { campaignId, isHeld } = input;
  if (isHeld) {
    await ctx.tx.sql`
      update send_queue set is_held = true where campaign_id = ${campaignId} and not is_held`;
    return;
  }
  const released = await ctx.tx.sql<{ connectorId: string }[]>`
    update send_queue q set is_held = false
    from messages m
    where q.campaign_id = ${campaignId} and q.is_held and m.id = q.message_id and m.status <> 'review'
    returning q.connector_id as "connectorId"`;
  await notifyWorkers(
    ctx,
    released.map((row) => row.connectorId),
  );
}
