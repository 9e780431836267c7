/** Campaigns of a tenant, or of its whole subtree, newest first. */
import { and, arrayContains, desc, eq, ilike, inArray, lt } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import { type ListCampaigns, listCampaigns as schema } from "#server/domain/campaigns/input.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export type CampaignRow = {
  id: string;
  tenantId: string;
  tenantName: string;
  name: string;
  senderName: string | null;
  status: CampaignStatus;
  statusReason: string | null;
  recipientCount: number;
  expandedTo: number;
  refusedCount: number;
  scheduledAt: Date | null;
  timeZone: string | null;
  launchedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
};

export async function listCampaigns(ctx: Context, input: ListCampaigns): Promise<Page<CampaignRow>> {
  allow(ctx, "campaigns.read");
  const { tenantId = ctx.tenantId, scope, status, search, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const c = campaigns;
    const rows = await ctx.tx.db
      .select({
        id: c.id,
        tenantId: c.tenantId,
        tenantName: tenants.name,
        name: c.name,
        senderName: senders.name,
        status: c.status,
        statusReason: c.statusReason,
        recipientCount: c.recipientCount,
        expandedTo: c.expandedTo,
        refusedCount: c.refusedCount,
        scheduledAt: c.scheduledAt,
        timeZone: c.timeZone,
        launchedAt: c.launchedAt,
        finishedAt: c.finishedAt,
        createdAt: c.createdAt,
      })
      .from(c)
      .innerJoin(tenants, eq(tenants.id, c.tenantId))
      .leftJoin(senders, eq(senders.id, c.senderId))
      .where(
        and(
          scope === "self" ? eq(c.tenantId, tenantId) : arrayContains(tenants.ancestors, [tenantId]),
          status?.length ? inArray(c.status, status) : undefined,
          search ? ilike(c.name, `%${search.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
          cursor ? lt(c.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(c.id))
      .limit(limit + 1);
    return toPage(rows, limit);
  });
}
