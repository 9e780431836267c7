/** Puts content in the moderators' queue, and takes it back when its owner withdraws it. */
import { and, eq, inArray } from "drizzle-orm";
import { moderationCases } from "#db/schema/moderation.ts";
import { caseOpened } from "#server/domain/moderation/events.ts";
import { audit } from "#server/kernel/audit.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

export type ModerationCase = typeof moderationCases.$inferSelect;

export type OpenCase = {
  /** Whose content it is. */
  tenantId: string;
  subjectType: ModerationCase["subjectType"];
  subjectId: string;
  senderName: string;
  sampleText: string;
  recipientCount: number;
  cause: string;
  policyTenantId: string;
  /** The content was changed after a rejection or a withdrawal, and asks again. */
  reopen?: boolean;
};

/** Idempotent by `subjectId`: a subject has one case, whatever its state; `reopen` starts a closed one again. */
export async function openCase(ctx: InTx, { reopen = false, ...values }: OpenCase): Promise<ModerationCase> {
  const fresh = { ...values, status: "open" as const, createdAt: ctx.clock.now() };
  const undecided = { decidedBy: null, decidedByTenantId: null, decisionReason: null, decidedAt: null };
  const mine = and(eq(moderationCases.subjectId, values.subjectId), eq(moderationCases.tenantId, values.tenantId));
  let [row] = await ctx.tx.db
    .insert(moderationCases)
    .values({ id: newId(), ...fresh })
    .onConflictDoNothing({ target: moderationCases.subjectId })
    .returning();
  if (!row && reopen) {
    [row] = await ctx.tx.db
      .update(moderationCases)
      .set({ ...fresh, ...undecided })
      .where(and(mine, inArray(moderationCases.status, ["rejected", "withdrawn"])))
      .returning();
  }
  if (!row) {
    const [known] = await ctx.tx.db.select().from(moderationCases).where(mine);
    if (!known) throw new Error(`The moderation subject ${values.subjectId} belongs to another tenant.`);
    return known;
  }
  const { id: caseId, tenantId, subjectType, subjectId, policyTenantId } = row;
  await audit(ctx, {
    action: "moderation.open",
    subjectType: "moderation_case",
    subjectId: caseId,
    tenantId,
    detail: { cause: row.cause, recipientCount: row.recipientCount },
  });
  await emit(ctx, caseOpened, { caseId, subjectType, subjectId, tenantId, policyTenantId }, tenantId);
  return row;
}

/** The content is gone (a campaign was stopped): an open case closes; a decided one stays as it is. */
export async function withdrawCase(ctx: InTx, { subjectId }: { subjectId: string }): Promise<void> {
  await ctx.tx.db
    .update(moderationCases)
    .set({ status: "withdrawn", decidedAt: ctx.clock.now() })
    .where(and(eq(moderationCases.subjectId, subjectId), eq(moderationCases.status, "open")));
}
