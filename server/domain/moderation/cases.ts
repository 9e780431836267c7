/** Reads the moderators' queue. */
import { and, desc, eq, lt } from "drizzle-orm";
import { moderationCases } from "#db/schema/moderation.ts";
import { type CaseView, decidableBy, selectCases } from "#server/domain/moderation/case-view.ts";
import { caseView } from "#server/domain/moderation/decide-case.ts";
import {
  type GetCase,
  getCase as getSchema,
  type ListCases,
  listCases as listSchema,
} from "#server/domain/moderation/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

/** Cases of the subtree, newest first. */
export async function listCases(ctx: Context, input: ListCases): Promise<Page<CaseView>> {
  allow(ctx, "moderation.read");
  const { status, mineToDecide, tenantId, cursor, limit } = parse(listSchema, input);
  return inTransaction(ctx, async (ctx) => {
    if (tenantId) await tenantInScope(ctx, tenantId);
    const rows = await selectCases(ctx)
      .where(
        and(
          status ? eq(moderationCases.status, status) : undefined,
          mineToDecide ? decidableBy(ctx.tenantId) : undefined,
          tenantId ? eq(moderationCases.tenantId, tenantId) : undefined,
          cursor ? lt(moderationCases.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(moderationCases.id))
      .limit(limit + 1);
    return toPage(rows, limit);
  });
}

export async function getCase(ctx: Context, input: GetCase): Promise<CaseView> {
  allow(ctx, "moderation.read");
  const { id } = parse(getSchema, input);
  return inTransaction(ctx, (ctx) => caseView(ctx, id));
}
