/** The texts of a chunk of recipients, judged where nobody has read them: personal texts differ in every row. */
import { eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { moderationCases } from "#db/schema/moderation.ts";
import { senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import type { Recipient } from "#server/domain/campaigns/read-recipients.ts";
import { isPersonal, makeRenderer, parseTemplate } from "#server/domain/campaigns/render.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { screenTexts } from "#server/domain/moderation/screen.ts";
import type { InTx } from "#server/kernel/context.ts";

export type RenderedChunk = {
  /** By position; null where the content rules block the text. */
  texts: (string | null)[];
  sender: string;
  /** The content was judged: the same text for all at submission, or by a person. */
  maySkip: boolean;
};

export async function renderChunk(ctx: InTx, campaign: Campaign, rows: readonly Recipient[]): Promise<RenderedChunk> {
  const { db } = ctx.tx;
  const [list] = await db
    .select({ fields: recipientLists.fields })
    .from(recipientLists)
    .where(eq(recipientLists.id, campaign.listId ?? ""));
  const [sender] = await db
    .select({ name: senders.name })
    .from(senders)
    .where(eq(senders.id, campaign.senderId ?? ""));
  const template = parseTemplate(campaign.template);
  const render = makeRenderer(template, list?.fields ?? []);
  const texts = rows.map((row) => render(row.fields));
  const name = sender?.name ?? "";
  if (!isPersonal(template)) return { texts, sender: name, maySkip: true };
  const [tenant] = await db.select().from(tenants).where(eq(tenants.id, campaign.tenantId));
  const ancestors = tenant?.ancestors ?? [campaign.tenantId];
  const verdicts = await screenTexts(ctx, { tenantId: campaign.tenantId, ancestors, texts });
  const allowed = texts.map((text, i) => (verdicts[i]?.action === "block" ? null : text));
  return { texts: allowed, sender: name, maySkip: await wasApproved(ctx, campaign.id) };
}

async function wasApproved(ctx: InTx, campaignId: string): Promise<boolean> {
  const [row] = await ctx.tx.db
    .select({ status: moderationCases.status })
    .from(moderationCases)
    .where(eq(moderationCases.subjectId, campaignId));
  return row?.status === "approved";
}
