/** Resumes held campaigns when what held them is gone: a suspension lifted, a new order, a top-up, a name approved again. */
import { and, eq, sql } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { idsOf } from "#server/domain/campaigns/queue-room.ts";
import { readRecipients } from "#server/domain/campaigns/read-recipients.ts";
import { loadComposition, renderChunk } from "#server/domain/campaigns/render-chunk.ts";
import { resumeLocked } from "#server/domain/campaigns/resume.ts";
import { type Campaign, ownCampaign } from "#server/domain/campaigns/scope.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import { asSystem, type Context, jobContext } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { newId, nilId } from "#server/kernel/id.ts";

/** Campaigns that one call looks at. */
const limit = 100;

/**
 * Asks of each held campaign in the subtree of ctx.tenantId (of all, for the nil id), by a dry run of its next recipient, whether it could go on
 * now, and resumes those that can.
 * @returns how many were resumed
 */
export async function resumeHeldCampaigns(ctx: Context): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  const held = await asSystem(ctx, ({ tx }) =>
    tx.db
      .select()
      .from(campaigns)
      .where(
        and(
          eq(campaigns.status, "held"),
          ctx.tenantId === nilId
            ? undefined
            : sql`tenant_id in (select id from tenants where ancestors @> array[${ctx.tenantId}::uuid])`,
        ),
      )
      .orderBy(campaigns.updatedAt)
      .limit(limit),
  );
  let resumed = 0;
  for (const campaign of held) {
    const own = jobContext(ctx, ctx.actor.id, campaign.tenantId, ctx.requestId);
    if (!(await couldGoOn(own, campaign))) continue;
    const isResumed = await asSystem(own, async (ctx) => {
      const current = await ownCampaign(ctx, campaign.id, "update");
      if (current.status !== "held") return false;
      await resumeLocked(ctx, current);
      return true;
    });
    if (isResumed) resumed += 1;
  }
  return resumed;
}

async function couldGoOn(ctx: Context, campaign: Campaign): Promise<boolean> {
  const { listId, expandedTo } = campaign;
  const next = await asSystem(ctx, async (ctx) => {
    const [row] = listId ? await readRecipients(ctx, { listId, after: expandedTo, limit: 1 }) : [];
    if (!row) return null;
    const composition = await loadComposition(ctx, campaign);
    const [text] = await renderChunk(ctx, composition, [row]);
    return { row, text, sender: composition.sender };
  });
  const text = next?.text;
  // Nobody left, or a text that is refused for itself: the expansion deals with it.
  if (!next || typeof text !== "string") return true;
  const id = idsOf(campaign)(next.row.ordinal);
  const [outcome] = await submitMessages(ctx, {
    batchId: newId(),
    source: "campaign",
    campaignId: campaign.id,
    skipScreening: true,
    dryRun: true,
    items: [{ id, sender: next.sender, to: `+${next.row.msisdn}`, text, class: campaign.trafficClass }],
  });
  return outcome?.error?.code !== campaign.statusReason;
}
