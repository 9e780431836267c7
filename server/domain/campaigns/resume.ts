/** Lets a paused or held campaign go on, from the recipient where it stood. */
import { campaignLaunch } from "#server/domain/campaigns/events.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, campaignInScope, takeStep } from "#server/domain/campaigns/scope.ts";
import { holdQueue } from "#server/domain/messages/hold-queue.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/** Resuming a campaign that runs changes nothing. @throws conflict `campaign_status` */
export async function resumeCampaign(ctx: Context, input: CampaignId): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const campaign = await campaignInScope(ctx, id, "update");
    if (campaign.status === "running" || campaign.status === "sending") return campaign;
    return resumeLocked(ctx, campaign);
  });
}

/** For a campaign whose row is locked. */
export async function resumeLocked(ctx: InTx, campaign: Campaign): Promise<Campaign> {
  const { id: campaignId, tenantId } = campaign;
  const row = await takeStep(ctx, campaign, "resume", { statusReason: null });
  await holdQueue(ctx, { campaignId, isHeld: false });
  await emit(ctx, campaignLaunch, { campaignId, tenantId }, tenantId);
  return row;
}
