/** Starts a campaign: at once, or at its hour. */

import { campaignLaunch, campaignScheduled } from "#server/domain/campaigns/events.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";

/** For a locked campaign whose content may go: waits for its hour, or starts when it has come. */
export async function launchOrSchedule(ctx: InTx, campaign: Campaign): Promise<Campaign> {
  const { id: campaignId, tenantId, scheduledAt } = campaign;
  if (scheduledAt && scheduledAt > ctx.clock.now()) {
    const row = await takeStep(ctx, campaign, "schedule");
    await emit(ctx, campaignScheduled, { campaignId, tenantId, scheduledAt: scheduledAt.toISOString() }, tenantId);
    return row;
  }
  // The moment of launch is in every message's id, so it is set once and for all.
  const row = await takeStep(ctx, campaign, "launch", { launchedAt: ctx.clock.now(), statusReason: null });
  await emit(ctx, campaignLaunch, { campaignId, tenantId }, tenantId);
  return row;
}

/**
 * Run by a job at the hour of a scheduled campaign.
 * @param input.scheduledAt the hour that the job waited for: when it was changed meanwhile, nothing happens
 */
export async function launchScheduled(
  ctx: Context,
  input: { campaignId: string; scheduledAt: Date },
): Promise<{ status: Campaign["status"] }> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  return asSystem(ctx, async (ctx) => {
    const campaign = await ownCampaign(ctx, input.campaignId, "update");
    const isDue = campaign.status === "scheduled" && campaign.scheduledAt?.getTime() === input.scheduledAt.getTime();
    if (!isDue) return { status: campaign.status };
    const { status } = await launchOrSchedule(ctx, { ...campaign, scheduledAt: null });
    return { status };
  });
}
