/** A moderator's decision on content that waits. */
import { and, eq } from "drizzle-orm";
import { moderationCases } from "#db/schema/moderation.ts";
import { type CaseView, selectCases } from "#server/domain/moderation/case-view.ts";
import { caseDecided } from "#server/domain/moderation/events.ts";
import { type DecideCase, decideCase as schema } from "#server/domain/moderation/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, DomainError, notFound } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Decided by the tenant whose policy asked, or by one above it. So the content's own tenant decides only what its own
 * policy asked for, and nobody between it and the policy's tenant does. Exactly once; the same decision again changes nothing.
 * @throws forbidden `case_decided_above` · conflict `case_already_decided`
 */
export async function decideCase(ctx: Context, input: DecideCase): Promise<CaseView> {
  allow(ctx, "moderation.decide");
  const { id, decision, reason = null } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const [found] = await ctx.tx.db.select().from(moderationCases).where(eq(moderationCases.id, id)).for("update");
    if (!found) throw notFound("case");
    await tenantInScope(ctx, found.tenantId).catch(() => {
      throw notFound("case");
    });
    await checkDecider(ctx, found.policyTenantId);
    if (found.status !== "open") {
      if (found.status !== decision) throw conflict("case_already_decided", "This was decided already.");
      return caseView(ctx, id);
    }
    await ctx.tx.db
      .update(moderationCases)
      .set({
        status: decision,
        decisionReason: reason,
        decidedBy: ctx.actor.type === "user" ? ctx.actor.id : null,
        decidedByTenantId: ctx.tenantId,
        decidedAt: ctx.clock.now(),
      })
      .where(and(eq(moderationCases.id, id), eq(moderationCases.status, "open")));
    const { tenantId, subjectType, subjectId } = found;
    await audit(ctx, {
      action: decision === "approved" ? "moderation.approve" : "moderation.reject",
      subjectType: "moderation_case",
      subjectId: id,
      tenantId,
      detail: { reason },
    });
    await emit(ctx, caseDecided, { caseId: id, subjectType, subjectId, tenantId, decision }, tenantId);
    return caseView(ctx, id);
  });
}

async function checkDecider(ctx: InTx, policyTenantId: string): Promise<void> {
  await tenantInScope(ctx, policyTenantId).catch(() => {
    throw new DomainError("forbidden", "case_decided_above", "Your provider decides about this content.");
  });
}

/** @throws not_found `case_not_found` */
export async function caseView(ctx: InTx, id: string): Promise<CaseView> {
  const [row] = await selectCases(ctx).where(eq(moderationCases.id, id));
  if (!row) throw notFound("case");
  return row;
}
