/** Takes a submitted campaign back to draft, before anything was sent: out of review, or off the schedule. */
import { campaignUnscheduled } from "#server/domain/campaigns/events.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import { withdrawCase } from "#server/domain/moderation/open-case.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/** Withdrawing a draft changes nothing. @throws conflict `campaign_status` */
export async function withdrawCampaign(ctx: Context, input: CampaignId): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const campaign = await ownCampaign(ctx, id, "update");
    if (campaign.status === "draft") return campaign;
    const row = await takeStep(ctx, campaign, "withdraw");
    if (campaign.status === "in_review") await withdrawCase(ctx, { subjectId: id });
    else await emit(ctx, campaignUnscheduled, { campaignId: id, tenantId: campaign.tenantId });
    return row;
  });
}
