/** The texts of a chunk of recipients, judged where nobody has read them: personal texts differ in every row. */
import { eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { moderationCases } from "#db/schema/moderation.ts";
import { senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import type { Recipient } from "#server/domain/campaigns/read-recipients.ts";
import { isPersonal, makeRenderer, parseTemplate, type Renderer } from "#server/domain/campaigns/render.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { screenTexts } from "#server/domain/moderation/screen.ts";
import type { InTx } from "#server/kernel/context.ts";

/** What all chunks share: none of it changes while a campaign is under way, so it is read once for many of them. */
export type Composition = {
  sender: string;
  render: Renderer;
  /** The content was judged: the same text for all at submission, or by a person. Else submit judges every text. */
  maySkip: boolean;
  /** Of the tenant, where a person approved personal texts: what is forbidden stays forbidden. Null for other campaigns. */
  blockedBy: string[] | null;
};

export async function loadComposition(ctx: InTx, campaign: Campaign): Promise<Composition> {
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
  const common = { sender: sender?.name ?? "", render: makeRenderer(template, list?.fields ?? []) };
  if (!isPersonal(template)) return { ...common, maySkip: true, blockedBy: null };
  if (!(await wasApproved(ctx, campaign.id))) return { ...common, maySkip: false, blockedBy: null };
  const [tenant] = await db.select().from(tenants).where(eq(tenants.id, campaign.tenantId));
  return { ...common, maySkip: true, blockedBy: tenant?.ancestors ?? [campaign.tenantId] };
}

/** By position; null where the content rules block the text. */
export async function renderChunk(
  ctx: InTx,
  { render, blockedBy }: Composition,
  rows: readonly Recipient[],
): Promise<(string | null)[]> {
  const texts = rows.map((row) => render(row.fields));
  if (!blockedBy) return texts;
  const verdicts = await screenTexts(ctx, { tenantId: ctx.tenantId, ancestors: blockedBy, texts });
  return texts.map((text, i) => (verdicts[i]?.action === "block" ? null : text));
}

async function wasApproved(ctx: InTx, campaignId: string): Promise<boolean> {
  const [row] = await ctx.tx.db
    .select({ status: moderationCases.status })
    .from(moderationCases)
    .where(eq(moderationCases.subjectId, campaignId));
  return row?.status === "approved";
}
