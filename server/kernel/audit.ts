/** One audit row for every change, in the change's own transaction: no row, no change. */
import { auditLog } from "#db/schema/audit.ts";
import type { AuditAction } from "#server/kernel/audit-actions.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

export type AuditNote = {
  /** room.verb, for example orders.sign */
  action: AuditAction;
  subjectType: string;
  subjectId: string;
  /** The tenant whose thing was changed; the actor's own when left out. */
  tenantId?: string;
  /** Never a secret. bigint values are written as decimal text. */
  detail?: Record<string, unknown>;
};

export async function audit(ctx: InTx, note: AuditNote): Promise<void> {
  await ctx.tx.db.insert(auditLog).values({
    id: newId(),
    tenantId: note.tenantId ?? ctx.tenantId,
    actorType: ctx.actor.type,
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    action: note.action,
    subjectType: note.subjectType,
    subjectId: note.subjectId,
    detail: JSON.parse(JSON.stringify(note.detail ?? {}, (_, v) => (typeof v === "bigint" ? v.toString() : v))),
    requestId: ctx.requestId,
    createdAt: ctx.clock.now(),
  });
}
