/** Pauses a campaign: nothing more is handed over, and what waits in the queue stays there. */
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, campaignInScope, takeStep } from "#server/domain/campaigns/scope.ts";
import { holdQueue } from "#server/domain/messages/hold-queue.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Pausing twice changes nothing. @throws conflict `campaign_status` */
export async function pauseCampaign(ctx: Context, input: CampaignId): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const campaign = await campaignInScope(ctx, id, "update");
    if (campaign.status === "paused") return campaign;
    const row = await takeStep(ctx, campaign, "pause");
    await holdQueue(ctx, { campaignId: id, isHeld: true });
    return row;
  });
}
