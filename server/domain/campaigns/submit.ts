/** Submits a draft: everything is checked again, its content is judged, then it waits for a decision, its hour, or starts. */
import { eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { tenants } from "#db/schema/tenants.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { launchOrSchedule } from "#server/domain/campaigns/launch.ts";
import { type CampaignQuote, prepareCampaign, priceAudience } from "#server/domain/campaigns/quote.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import { isOver, isUnderWay } from "#server/domain/campaigns/state.ts";
import { openCase } from "#server/domain/moderation/open-case.ts";
import { screenTexts, type Verdict } from "#server/domain/moderation/screen.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, DomainError } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * A campaign that was submitted already is returned as it is.
 * @throws conflict `campaign_changed` (edited meanwhile), `content_blocked`, `tenant_suspended`, `campaign_status` ·
 *   insufficient_funds or invalid_input with the reason's code when nobody could be sent to · what prepareCampaign throws
 */
export async function submitCampaign(ctx: Context, input: CampaignId): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  allow(ctx, "messages.send");
  const { id } = parse(schema, input);
  const draft = await inTransaction(ctx, (ctx) => ownCampaign(ctx, id));
  if (isUnderWay(draft.status) || isOver(draft.status)) return draft;
  const { audience, senderName, recipientCount } = await prepareCampaign(ctx, draft);
  const quote = await priceAudience(ctx, ctx.tenantId, audience);
  refuseHopeless(quote);
  return asSystem(ctx, async (ctx) => {
    const campaign = await ownCampaign(ctx, id, "update");
    if (campaign.updatedAt.getTime() !== draft.updatedAt.getTime()) {
      throw conflict("campaign_changed", "The campaign was changed meanwhile. Look at it and submit it again.");
    }
    const ancestors = await pathOf(ctx);
    const verdicts = await screenTexts(ctx, { tenantId: ctx.tenantId, ancestors, texts: audience.texts });
    const review = strictest(verdicts, ancestors);
    await ctx.tx.db
      .update(campaigns)
      .set({ recipientCount, quote: plain(quote) })
      .where(eq(campaigns.id, id));
    if (!review) return launchOrSchedule(ctx, { ...campaign, recipientCount });
    await openCase(ctx, {
      tenantId: ctx.tenantId,
      subjectType: "campaign",
      subjectId: id,
      senderName,
      sampleText: audience.texts[1] ?? campaign.template,
      recipientCount,
      cause: review.cause,
      policyTenantId: review.policyTenantId,
      reopen: true,
    });
    return takeStep(ctx, campaign, "review");
  });
}

/** When not one recipient could be sent to, the first reason is the answer. */
function refuseHopeless(quote: CampaignQuote): void {
  if (quote.messages > 0) return;
  const [first] = quote.refused;
  if (!first) throw conflict("list_empty", "The list has no recipients.", { field: "listId" });
  const isText = ["text_too_long", "empty_text", "opted_out"].includes(first.code);
  throw new DomainError(isText ? "invalid_input" : "insufficient_funds", first.code, first.message, {
    messages: first.messages,
  });
}

/** The tenant's path, root first. @throws conflict `tenant_suspended` */
async function pathOf(ctx: InTx): Promise<string[]> {
  const [tenant] = await ctx.tx.db.select().from(tenants).where(eq(tenants.id, ctx.tenantId));
  const ancestors = tenant?.ancestors ?? [ctx.tenantId];
  const [suspended] = await ctx.tx.sql`
    select 1 from tenants where id = any(${ancestors}::uuid[]) and status = 'suspended' limit 1`;
  if (!suspended) return ancestors;
  throw conflict("tenant_suspended", "Sending is suspended for this account. Contact your provider.");
}

/**
 * The tenant nearest the root decides for all that asked.
 * @throws conflict `content_blocked`
 */
function strictest(verdicts: readonly Verdict[], ancestors: readonly string[]) {
  const blocked = verdicts.find((v) => v.action === "block");
  if (blocked) {
    const phrase = blocked.cause.startsWith("phrase:") ? ` ("${blocked.cause.slice("phrase:".length)}")` : "";
    throw conflict("content_blocked", `The content rules do not allow this text${phrase}.`, {
      field: "template",
      cause: blocked.cause,
    });
  }
  const reviews = verdicts.flatMap((v) => (v.action === "review" ? [v] : []));
  const rank = (tenantId: string) => ancestors.indexOf(tenantId);
  return reviews.sort((a, b) => rank(a.policyTenantId) - rank(b.policyTenantId))[0] ?? null;
}

/** As JSON keeps it: bigints become decimal text. */
function plain(quote: CampaignQuote): Record<string, unknown> {
  return JSON.parse(JSON.stringify(quote, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
}
