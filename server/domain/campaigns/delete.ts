/** Deletes a draft, or what was rejected: nothing of it was ever sent. */
import { eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { ownCampaign } from "#server/domain/campaigns/scope.ts";
import { advanceCampaign } from "#server/domain/campaigns/state.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws conflict `campaign_status` · not_found `campaign_not_found`, also when it was deleted before */
export async function deleteCampaign(ctx: Context, input: CampaignId): Promise<{ id: string }> {
  allow(ctx, "campaigns.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await ownCampaign(ctx, id, "update");
    advanceCampaign(before.status, "revise");
    await ctx.tx.db.delete(campaigns).where(eq(campaigns.id, id));
    const detail = { name: before.name };
    await audit(ctx, { action: "campaigns.delete", subjectType: "campaign", subjectId: id, detail });
    return { id };
  });
}
