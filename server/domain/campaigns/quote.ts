/** What a campaign will cost: every recipient rendered and counted, priced by the same allocation that charges. */
import { approvedSender, readyList } from "#server/domain/campaigns/check-parts.ts";
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Audience, measureAudience } from "#server/domain/campaigns/measure-audience.ts";
import { type Campaign, campaignInScope } from "#server/domain/campaigns/scope.ts";
import type { QuoteGroup } from "#server/domain/pricing/input.ts";
import { type Quote, quote } from "#server/domain/pricing/quote.ts";
import { allow, seesMoney } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type CampaignRefusal = { code: string; message: string; messages: number; parts: number };
export type CampaignQuote = {
  recipients: number;
  /** That would be accepted, and their parts. */
  messages: number;
  parts: number;
  byOperator: { operatorId: string; messages: number; parts: number }[];
  refused: CampaignRefusal[];
  /** Money at the viewer's own edges; null for those who may not see money. */
  money: Pick<Quote, "lines" | "sell" | "cost" | "margin"> | null;
  /** False for long lists of mixed operators and lengths: then the end of an order may fall elsewhere. */
  isExact: boolean;
};

const messages = {
  text_too_long: "The text takes more than 10 parts for these recipients.",
  empty_text: "The text is empty for these recipients.",
  opted_out: "These recipients have opted out since the list was uploaded.",
} as const;

/** @throws not_found `campaign_not_found` · what `prepareCampaign` throws */
export async function quoteCampaign(ctx: Context, input: CampaignId): Promise<CampaignQuote> {
  allow(ctx, "campaigns.read");
  const { id } = parse(schema, input);
  const campaign = await inTransaction(ctx, (ctx) => campaignInScope(ctx, id));
  const { audience } = await prepareCampaign(ctx, campaign);
  return priceAudience(ctx, campaign.tenantId, audience);
}

/**
 * Sender, list and text of a campaign, checked, and its audience measured.
 * @throws conflict `sender_missing`, `sender_not_approved`, `list_missing`, `list_not_ready`, `list_empty` ·
 *   invalid_input `bad_template`, `unknown_variables`
 */
export async function prepareCampaign(
  ctx: Context,
  campaign: Campaign,
): Promise<{ audience: Audience; senderName: string; recipientCount: number }> {
  // An ancestor that looks at a campaign below it reads the sender and the list of the campaign's tenant.
  const owner = { ...ctx, tenantId: campaign.tenantId };
  const { sender, list } = await inTransaction(owner, async (ctx) => ({
    sender: await approvedSender(ctx, campaign.senderId),
    list: await readyList(ctx, campaign.listId),
  }));
  const { trafficClass, template } = campaign;
  const sending = { trafficClass, template, senderName: sender.name, listId: list.id, fields: list.fields };
  const audience = await measureAudience(owner, sending);
  return { audience, senderName: sender.name, recipientCount: list.acceptedCount };
}

export async function priceAudience(ctx: Context, tenantId: string, audience: Audience): Promise<CampaignQuote> {
  const priced = audience.groups.length > 0 ? await price(ctx, tenantId, audience.groups) : null;
  return {
    recipients: audience.recipients,
    messages: priced?.messages ?? 0,
    parts: priced?.parts ?? 0,
    byOperator: byOperator(audience.groups),
    refused: [
      ...audience.refused.map((r) => ({ ...r, message: messages[r.code] })),
      ...(priced?.refused ?? []).map(({ code, message, messages, parts }) => ({ code, message, messages, parts })),
    ],
    money:
      priced && seesMoney(ctx)
        ? { lines: priced.lines, sell: priced.sell, cost: priced.cost, margin: priced.margin }
        : null,
    isExact: audience.isOrdered,
  };
}

/** Whether there is room must be known for every role; the money is taken out of the answer afterwards. */
function price(ctx: Context, tenantId: string, groups: QuoteGroup[]): Promise<Quote> {
  const counting: Context = { ...ctx, actor: { type: "job", id: "campaign-quote", name: "campaign-quote" } };
  return quote(counting, { tenantId, groups });
}

function byOperator(groups: readonly QuoteGroup[]): CampaignQuote["byOperator"] {
  const sums = new Map<string, { operatorId: string; messages: number; parts: number }>();
  for (const { operatorId, count, parts } of groups) {
    const sum = sums.get(operatorId) ?? { operatorId, messages: 0, parts: 0 };
    sum.messages += count;
    sum.parts += count * parts;
    sums.set(operatorId, sum);
  }
  return [...sums.values()].sort((a, b) => b.messages - a.messages || a.operatorId.localeCompare(b.operatorId));
}
