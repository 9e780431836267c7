/** Stops a campaign for good: what no worker holds yet is taken back, and what it would have cost is free again. */
import { campaignStopped, campaignUnscheduled } from "#server/domain/campaigns/events.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, campaignInScope, takeStep } from "#server/domain/campaigns/scope.ts";
import { isOver } from "#server/domain/campaigns/state.ts";
import { type CancelResult, cancelMessages } from "#server/domain/messages/cancel.ts";
import { holdQueue } from "#server/domain/messages/hold-queue.ts";
import { withdrawCase } from "#server/domain/moderation/open-case.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * From its return on no worker picks up another message; the job that follows takes them back chunk by chunk. Stopping
 * twice changes nothing.
 * @throws conflict `campaign_status` for a draft or a rejected campaign
 */
export async function stopCampaign(ctx: Context, input: CampaignId): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const campaign = await campaignInScope(ctx, id, "update");
    if (isOver(campaign.status)) return campaign;
    const row = await takeStep(ctx, campaign, "stop", { finishedAt: ctx.clock.now() });
    await holdQueue(ctx, { campaignId: id, isHeld: true });
    const data = { campaignId: id, tenantId: campaign.tenantId };
    if (campaign.status === "in_review") await withdrawCase(ctx, { subjectId: id });
    if (campaign.status === "scheduled") await emit(ctx, campaignUnscheduled, data, campaign.tenantId);
    await emit(ctx, campaignStopped, data, campaign.tenantId);
    return row;
  });
}

/** Messages taken back by one step. */
const chunk = 2_000;

/** Run by the job that follows a stop: one bounded step. `remaining` includes those in workers' hands. */
export async function takeBackUnsent(ctx: Context, input: { campaignId: string }): Promise<CancelResult> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  return cancelMessages(ctx, { campaignId: input.campaignId, limit: chunk });
}
