/** Keeps trials of connectors few: a partner may charge for each, and to whoever is called it is somebody's request. */
import { locks } from "#db/locks.ts";
import type { InTx } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";

export const mostTrials = 30;
const windowMs = 10 * 60_000;

/**
 * Counted by the audit log, so over all connectors of their owner, all people and all processes. One asks at a time: the
 * next one sees the row that this transaction writes.
 * @throws rate_limited `too_many_trials` with retryAfterSeconds
 */
export async function boundTrials(ctx: InTx, ownerId: string): Promise<void> {
  await ctx.tx.sql`select pg_advisory_xact_lock(hashtextextended(${ownerId}, ${locks.trials}::int))`;
  const nowMs = ctx.clock.now().getTime();
  const [oldest] = await ctx.tx.sql<{ at: Date }[]>`
    select created_at as at from audit_log
    where tenant_id = ${ownerId} and action = 'routing.try_connector'
      and id >= banyan_uuid7_floor(${new Date(nowMs - windowMs)}::timestamptz)
    order by id desc offset ${mostTrials - 1} limit 1`;
  if (!oldest) return;
  throw new DomainError(
    "rate_limited",
    "too_many_trials",
    `At most ${mostTrials} tries in ten minutes. Wait a few minutes and try again.`,
    { retryAfterSeconds: Math.max(1, Math.ceil((oldest.at.getTime() + windowMs - nowMs) / 1_000)) },
  );
}
