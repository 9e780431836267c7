/** The recipients that a campaign could not send to, with the reasons: page by page, and as CSV. */
import { and, asc, eq, gt } from "drizzle-orm";
import { campaignRefusals } from "#db/schema/campaigns.ts";
import { type CampaignId, type ListRefusals, listRefusals as schema } from "#server/domain/campaigns/input.ts";
import { campaignInScope } from "#server/domain/campaigns/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";
import { parse } from "#server/kernel/parse.ts";

export type Refusal = { ordinal: number; msisdn: string; code: string };
export type RefusalPage = { items: Refusal[]; nextAfter: number | null };

export async function listRefusals(ctx: Context, input: ListRefusals): Promise<RefusalPage> {
  allow(ctx, "campaigns.read");
  const { id, after, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await campaignInScope(ctx, id);
    const { ordinal, msisdn, code, campaignId } = campaignRefusals;
    const items = await ctx.tx.db
      .select({ ordinal, msisdn, code })
      .from(campaignRefusals)
      .where(and(eq(campaignId, id), gt(ordinal, after)))
      .orderBy(asc(ordinal))
      .limit(limit);
    return { items, nextAfter: items.length < limit ? null : (items.at(-1)?.ordinal ?? null) };
  });
}

const pageRows = 200;

/** @throws not_found `campaign_not_found`, with the first piece */
export async function* exportRefusals(ctx: Context, input: CampaignId): AsyncGenerator<string> {
  let after: number | null = 0;
  while (after !== null) {
    const page: RefusalPage = await listRefusals(ctx, { ...input, after, limit: pageRows });
    if (after === 0) yield csvByteOrderMark + csvLine(["recipient", "number", "reason"]);
    yield page.items.map((r) => csvLine([r.ordinal, `+${r.msisdn}`, r.code])).join("");
    after = page.nextAfter;
  }
}
