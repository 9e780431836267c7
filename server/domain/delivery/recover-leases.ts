/** After a worker died: what it had on the wire is unknown, and follows the route's policy for lost answers. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { connectorPolicy } from "#server/domain/delivery/connector-policy.ts";
import { afterLoss, carryOut, type QueueRow } from "#server/domain/delivery/follow-up.ts";
import { unknownOwner } from "#server/domain/delivery/work.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type RecoverLeases = {
  connectorId: string;
  /** The worker that holds the connector's lease now: every other owner of its rows is gone. */
  owner: string;
};

const chunk = 1_000;

/** @returns how many messages it found */
export async function recoverLeases(ctx: Context, input: RecoverLeases): Promise<number> {
  allowWorker(ctx);
  let total = 0;
  for (;;) {
    const count = await retryOnCollision(() => recoverChunk(ctx, input));
    total += count;
    if (count < chunk) return total;
  }
}

function recoverChunk(ctx: Context, { connectorId, owner }: RecoverLeases): Promise<number> {
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<QueueRow[]>`
      select message_id as "messageId", attempts, valid_until as "validUntil", lease_owner as "leaseOwner",
        leased_at as "leasedAt"
      from send_queue
      where lease_owner is not null and lease_owner not in (${owner}, ${unknownOwner}) and connector_id = ${connectorId}
        and exists (select from connector_leases c
          where c.connector_id = ${connectorId} and c.owner = ${owner} and c.expires_at > now())
      order by message_id limit ${chunk} for update`;
    if (rows.length === 0) return 0;
    const policy = await connectorPolicy(ctx, connectorId);
    const now = ctx.clock.now();
    await carryOut(
      ctx,
      rows.map((row) => afterLoss(policy, row, { connectorId, why: "worker_gone" }, now)),
    );
    return rows.length;
  });
}
