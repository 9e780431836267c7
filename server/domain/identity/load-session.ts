/** Turns a session into a verb context, checked against the database at every request. */
import type { Session } from "#server/domain/identity/session-claim.ts";
import type { Context } from "#server/kernel/context.ts";
import { isId, newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";

/**
 * Null when the person is gone or disabled, or the session was signed out or is older than their last role change or
 * sign-out-everywhere.
 */
export async function loadSession(base: Pick<Context, "db" | "clock">, session: Session): Promise<Context | null> {
  if (!isId(session.userId) || !isId(session.sessionId) || !Number.isSafeInteger(session.sessionVersion)) return null;
  const [user] = await base.db.sql<{ name: string; role: Role; tenantId: string }[]>`
    select name, role, tenant_id as "tenantId" from users
    where id = ${session.userId} and status = 'active' and session_version = ${session.sessionVersion}
      and not exists (select from ended_sessions where id = ${session.sessionId})`;
  if (!user) return null;
  return {
    db: base.db,
    clock: base.clock,
    tenantId: user.tenantId,
    actor: { type: "user", id: session.userId, name: user.name, role: user.role },
    requestId: newId(),
  };
}
