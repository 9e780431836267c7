/** One campaign with the names that its screen shows, and what may be done with it now. */
import { eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { senders } from "#db/schema/senders.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, campaignInScope } from "#server/domain/campaigns/scope.ts";
import { type CampaignStep, stepsFrom } from "#server/domain/campaigns/state.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow, may } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type CampaignDetail = Omit<Campaign, "quote"> & {
  tenantName: string;
  senderName: string | null;
  listName: string | null;
  /** Columns of the list, for the composer. */
  fields: string[];
  isOwn: boolean;
  steps: CampaignStep[];
};

export async function getCampaign(ctx: Context, input: CampaignId): Promise<CampaignDetail> {
  allow(ctx, "campaigns.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const { quote: _, ...campaign } = await campaignInScope(ctx, id);
    const tenant = await tenantInScope(ctx, campaign.tenantId);
    const { db } = ctx.tx;
    const [sender] = campaign.senderId
      ? await db.select({ name: senders.name }).from(senders).where(eq(senders.id, campaign.senderId))
      : [];
    const [list] = campaign.listId
      ? await db
          .select({ name: recipientLists.name, fields: recipientLists.fields })
          .from(recipientLists)
          .where(eq(recipientLists.id, campaign.listId))
      : [];
    return {
      ...campaign,
      tenantName: tenant.name,
      senderName: sender?.name ?? null,
      listName: list?.name ?? null,
      fields: list?.fields ?? [],
      isOwn: campaign.tenantId === ctx.tenantId,
      steps: may(ctx, "campaigns.write") ? stepsFrom(campaign.status) : [],
    };
  });
}
