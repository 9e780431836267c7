/** Scoping of the campaigns room, and the one way a campaign changes its status: under a lock on its row. */
import { and, eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { advanceCampaign, type CampaignStep } from "#server/domain/campaigns/state.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { audit } from "#server/kernel/audit.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

export type Campaign = typeof campaigns.$inferSelect;

/** @throws not_found `campaign_not_found`, also for a campaign that exists outside the scope */
export async function campaignInScope(ctx: InTx, id: string, lock?: "update"): Promise<Campaign> {
  const query = ctx.tx.db.select().from(campaigns).where(eq(campaigns.id, id));
  const [row] = lock ? await query.for(lock) : await query;
  if (!row) throw notFound("campaign");
  await tenantInScope(ctx, row.tenantId).catch(() => {
    throw notFound("campaign");
  });
  return row;
}

/** Only the tenant whose campaign it is composes and submits it; those above may look, pause and stop. */
export async function ownCampaign(ctx: InTx, id: string, lock?: "update"): Promise<Campaign> {
  const query = ctx.tx.db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.id, id), eq(campaigns.tenantId, ctx.tenantId)));
  const [row] = lock ? await query.for(lock) : await query;
  if (!row) throw notFound("campaign");
  return row;
}

export type Changes = Partial<typeof campaigns.$inferInsert>;

/**
 * Takes a step with a campaign whose row is locked, and notes it.
 * @throws conflict `campaign_status`
 */
export async function takeStep(
  ctx: InTx,
  campaign: Campaign,
  step: CampaignStep,
  changes: Changes = {},
): Promise<Campaign> {
  const status = advanceCampaign(campaign.status, step);
  const [row] = await ctx.tx.db
    .update(campaigns)
    .set({ ...changes, status, updatedAt: ctx.clock.now() })
    .where(eq(campaigns.id, campaign.id))
    .returning();
  if (!row) throw notFound("campaign");
  await audit(ctx, {
    action: `campaigns.${step}`,
    subjectType: "campaign",
    subjectId: campaign.id,
    tenantId: campaign.tenantId,
    detail: { from: campaign.status, to: status, reason: changes.statusReason ?? undefined },
  });
  return row;
}
