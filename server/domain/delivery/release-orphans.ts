/** Frees rows that were leased by a claim whose answer never reached the worker: the database died in between. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { carryOut, type QueueRow } from "#server/domain/delivery/follow-up.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type ReleaseOrphans = {
  connectorId: string;
  owner: string;
  /** Everything that the owner has in hand, on the wire or waiting to be written. */
  known: string[];
  /** Claims younger than this may still be on their way to the owner. */
  olderThanMs: number;
};

const limit = 1_000;

/** Only the owner itself may ask: it alone knows that it never sent them. @returns how many it freed */
export async function releaseOrphans(ctx: Context, input: ReleaseOrphans): Promise<number> {
  allowWorker(ctx);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const rows = await ctx.tx.sql<Pick<QueueRow, "messageId" | "attempts">[]>`
        select message_id as "messageId", attempts from send_queue
        where lease_owner = ${input.owner} and connector_id = ${input.connectorId}
          and leased_at <= ${new Date(now.getTime() - input.olderThanMs)}
          and message_id <> all(${input.known}::uuid[])
        order by message_id limit ${limit} for update`;
      await carryOut(
        ctx,
        rows.map(({ messageId, attempts }) => ({
          transition: {
            messageId,
            status: "queued",
            isReturn: true,
            event: { kind: "retry", detail: { connectorId: input.connectorId, unsent: "the claim was interrupted" } },
          },
          queue: "again",
          readyAt: now,
          attempts,
        })),
      );
      return rows.length;
    }),
  );
}
