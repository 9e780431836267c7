/** Ends what waited too long: queued past its validity, or unknown past the time in which a receipt could come. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { carryOut, type FollowUp } from "#server/domain/delivery/follow-up.ts";
import { unknownOwner } from "#server/domain/delivery/work.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import type { Transition } from "#server/domain/messages/transition.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

/** Of one call. Whoever gets as many back may ask again at once. */
export const expireBite = 1_000;

export type ExpireQueued = { limit?: number };
export type ExpiredCounts = { expired: number; givenUp: number };

/** Over all connectors, disabled ones too, held traffic too: what nobody will send is given back. */
export async function expireQueued(ctx: Context, { limit = expireBite }: ExpireQueued = {}): Promise<ExpiredCounts> {
  allowWorker(ctx);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const over = await ctx.tx.sql<{ messageId: string; mayBeTaken: boolean }[]>`
        select q.message_id as "messageId", m.possible_duplicate as "mayBeTaken"
        from send_queue q join messages m on m.id = q.message_id
        where q.lease_owner is null and q.valid_until <= ${now}
        order by q.message_id limit ${limit} for update of q skip locked`;
      const silent = await ctx.tx.sql<{ messageId: string }[]>`
        select q.message_id as "messageId" from send_queue q left join connectors c on c.id = q.connector_id
        where q.lease_owner = ${unknownOwner}
          and q.leased_at <= ${now}::timestamptz - make_interval(hours => coalesce(c.receipt_timeout_hours, 72))
        order by q.message_id limit ${limit} for update of q skip locked`;
      const expired = over.map(
        ({ messageId, mayBeTaken }): FollowUp =>
          mayBeTaken ? waitFor(messageId) : { transition: validityOver(messageId), queue: "done" },
      );
      const givenUp = silent.map(
        ({ messageId }): FollowUp => ({
          transition: {
            messageId,
            status: "failed",
            errorCode: "no_receipt",
            event: { kind: "final", detail: { why: "no_receipt" } },
          },
          queue: "done",
        }),
      );
      await carryOut(ctx, [...expired, ...givenUp]);
      return { expired: expired.length, givenUp: givenUp.length };
    }),
  );
}

const validityOver = (messageId: string): Transition => ({
  messageId,
  status: "expired",
  errorCode: "validity_over",
  event: { kind: "final", detail: { why: "validity_over" } },
});

/** It was to be sent again, because a carrier may have it: only a receipt can say. */
const waitFor = (messageId: string): FollowUp => ({
  transition: { messageId, status: "unknown", event: { kind: "unknown", detail: { why: "validity_over" } } },
  queue: "unknown",
});
