/** Carries out the moderators' decision on a campaign: it starts, waits for its hour, or is rejected with the reason. */
import { eq } from "drizzle-orm";
import { moderationCases } from "#db/schema/moderation.ts";
import { launchOrSchedule } from "#server/domain/campaigns/launch.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** Run by the job that follows the decision; the case itself says what was decided. A second run changes nothing. */
export async function carryOutDecision(
  ctx: Context,
  input: { campaignId: string },
): Promise<{ status: Campaign["status"] }> {
  if (ctx.actor.type !== "job") throw forbidden("moderation.decide");
  return asSystem(ctx, async (ctx) => {
    const campaign = await ownCampaign(ctx, input.campaignId, "update");
    const [decided] = await ctx.tx.db.select().from(moderationCases).where(eq(moderationCases.subjectId, campaign.id));
    if (campaign.status !== "in_review" || !decided) return { status: campaign.status };
    if (decided.status === "approved") return { status: (await launchOrSchedule(ctx, campaign)).status };
    if (decided.status !== "rejected") return { status: campaign.status };
    const { status } = await takeStep(ctx, campaign, "reject", { statusReason: decided.decisionReason });
    return { status };
  });
}
