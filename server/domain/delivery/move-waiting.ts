/** Moves what waits for a carrier that is away to the next route, a stretch of the queue at a time. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { carryOut, moveTo } from "#server/domain/delivery/follow-up.ts";
import { nextRoutes } from "#server/domain/delivery/next-routes.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type MoveWaiting = {
  connectorId: string;
  /** Where the last stretch ended; null begins at the front. */
  after: string | null;
  limit?: number;
};
/** @property last null when the end of the queue is reached */
export type MovedStretch = { moved: number; last: string | null };

/**
 * Only what nobody has in hand and whose time has come: what is scheduled, held or past its validity stays. A message
 * keeps its validity.
 */
export async function moveWaiting(
  ctx: Context,
  { connectorId, after, limit = 500 }: MoveWaiting,
): Promise<MovedStretch> {
  allowWorker(ctx);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const rows = await ctx.tx.sql<{ messageId: string }[]>`
        select message_id as "messageId" from send_queue
        where connector_id = ${connectorId} and lease_owner is null and not is_held and ready_at <= ${now}
          and valid_until > ${now} and (${after}::uuid is null or message_id > ${after}::uuid)
        order by message_id limit ${limit} for update skip locked`;
      const messageIds = rows.map((row) => row.messageId);
      const routes = await nextRoutes(ctx, { connectorId, messageIds });
      await carryOut(
        ctx,
        [...routes].map(([messageId, toConnectorId]) =>
          moveTo({ messageId, at: now, connectorId, toConnectorId, detail: { why: "unbound" } }),
        ),
      );
      return { moved: routes.size, last: rows.length < limit ? null : (messageIds.at(-1) ?? null) };
    }),
  );
}
