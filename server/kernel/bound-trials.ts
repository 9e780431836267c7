/** Keeps requests few that people make outside by hand: a receiver may charge for each, and it is nobody's by its own wish. */
import { locks } from "#db/locks.ts";
import type { AuditAction } from "#server/kernel/audit-actions.ts";
import type { InTx } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";

export const mostTrials = 30;
const windowMs = 10 * 60_000;

/**
 * Counted by the audit log, so over all things of their owner, all people and all processes. One asks at a time: the
 * next one sees the row that this transaction writes.
 * @param action what the same transaction writes to the audit log, as the owner's
 * @throws rate_limited `too_many_trials` with retryAfterSeconds
 */
export async function boundTrials(ctx: InTx, ownerId: string, action: AuditAction): Promise<void> {
  await ctx.tx.sql`select pg_advisory_xact_lock(hashtextextended(${action + ownerId}, ${locks.trials}::int))`;
  const nowMs = ctx.clock.now().getTime();
  const [oldest] = await ctx.tx.sql<{ at: Date }[]>`
    select created_at as at from audit_log
    where tenant_id = ${ownerId} and action = ${action}
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
