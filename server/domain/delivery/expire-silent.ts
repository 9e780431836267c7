/** Ends messages that a carrier took and never reported on: after the route's receipt time they count as expired. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type ExpireSilent = {
  connectorId: string;
  /** How far before the receipt time to look: the time since the last look, and some. */
  lookBackHours: number;
  limit?: number;
};

/**
 * Walks the references of one stretch of message ids (ids are in order of time, so this is a range of the primary key).
 * Hops that charge on delivery get their hold back. @returns how many it ended; call again while it is `limit`
 */
export async function expireSilent(
  ctx: Context,
  { connectorId, lookBackHours, limit = 1_000 }: ExpireSilent,
): Promise<number> {
  allowWorker(ctx);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const rows = await ctx.tx.sql<{ messageId: string }[]>`
        with span as (
          select banyan_uuid7_floor(${ctx.clock.now()}::timestamptz
              - make_interval(hours => c.receipt_timeout_hours + ${lookBackHours}::int)) as first,
            banyan_uuid7_floor(${ctx.clock.now()}::timestamptz
              - make_interval(hours => c.receipt_timeout_hours)) as last
          from connectors c where c.id = ${connectorId})
        select distinct r.message_id as "messageId" from span
        join carrier_refs r on r.message_id >= span.first and r.message_id < span.last
        join messages m on m.id = r.message_id
        where r.connector_id = ${connectorId} and r.outcome is null and m.status = 'sent' limit ${limit}`;
      const results = await applyTransitions(
        ctx,
        rows.map(({ messageId }) => ({
          messageId,
          status: "expired",
          errorCode: "no_receipt",
          event: { kind: "final", detail: { why: "no_receipt" } },
        })),
      );
      return results.filter((result) => result.changed).length;
    }),
  );
}
