/** Signs one session out: its cookie, and every copy of it, is worth nothing from then on. */

import { loadSession } from "#server/domain/identity/load-session.ts";
import { type Session, sessionLifeS } from "#server/domain/identity/session-claim.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { pruneAged } from "#server/kernel/prune.ts";

/** Ending twice changes nothing, and so does ending what is no session (any more). */
export async function endSession(base: Pick<Context, "db" | "clock">, session: Session): Promise<void> {
  const ctx = await loadSession(base, session);
  if (!ctx) return;
  await asSystem(ctx, async (ctx) => {
    const { tenantId, actor } = ctx;
    const expiresAt = new Date(ctx.clock.now().getTime() + sessionLifeS * 1_000);
    const [ended] = await ctx.tx.sql`
      insert into ended_sessions (id, tenant_id, user_id, expires_at)
      values (${session.sessionId}, ${tenantId}, ${actor.id}, ${expiresAt})
      on conflict do nothing returning id`;
    if (ended) await audit(ctx, { action: "identity.sign_out", subjectType: "user", subjectId: actor.id });
  });
}

/** Run by a job: a cookie that has expired by itself needs no remembering. @returns how many went */
export const pruneEndedSessions = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "ended_sessions", column: "expires_at", keepMs: 0 });
