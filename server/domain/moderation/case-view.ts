/** What a reader sees of a case: never which tenant above asked for it or decided it. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { moderationCases } from "#db/schema/moderation.ts";
import { tenants } from "#db/schema/tenants.ts";
import type { ModerationCase } from "#server/domain/moderation/open-case.ts";
import { may } from "#server/kernel/allow.ts";
import type { InTx } from "#server/kernel/context.ts";

export type CaseView = Omit<ModerationCase, "policyTenantId" | "decidedBy" | "decidedByTenantId"> & {
  tenantName: string;
  /** Who decided; null while open, and when it was somebody above the reader ("your provider"). */
  decidedByName: string | null;
  /** The reader may decide it now. */
  isMineToDecide: boolean;
};

/** The policy's tenant is the reader's or below it: which is all of the tree that the reader can see. */
export const decidableBy = (tenantId: string): SQL =>
  sql`(${moderationCases.status} = 'open' and exists (select from tenants policy
    where policy.id = ${moderationCases.policyTenantId} and policy.ancestors @> array[${tenantId}]::uuid[]))`;

export function selectCases(ctx: InTx) {
  return ctx.tx.db
    .select({
      id: moderationCases.id,
      tenantId: moderationCases.tenantId,
      tenantName: tenants.name,
      subjectType: moderationCases.subjectType,
      subjectId: moderationCases.subjectId,
      senderName: moderationCases.senderName,
      sampleText: moderationCases.sampleText,
      recipientCount: moderationCases.recipientCount,
      cause: moderationCases.cause,
      status: moderationCases.status,
      decidedByName: users.name,
      decisionReason: moderationCases.decisionReason,
      decidedAt: moderationCases.decidedAt,
      createdAt: moderationCases.createdAt,
      isMineToDecide: may(ctx, "moderation.decide") ? sql<boolean>`${decidableBy(ctx.tenantId)}` : sql<boolean>`false`,
    })
    .from(moderationCases)
    .innerJoin(
      tenants,
      and(eq(tenants.id, moderationCases.tenantId), sql`${tenants.ancestors} @> array[${ctx.tenantId}]::uuid[]`),
    )
    .leftJoin(users, eq(users.id, moderationCases.decidedBy));
}
