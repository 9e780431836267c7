/** Hands the next recipients of a running campaign to submit: in small chunks, each written with the campaign's own progress. */
import { eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { campaignHeld } from "#server/domain/campaigns/events.ts";
import { type ExpandCampaign, expandCampaign as schema } from "#server/domain/campaigns/input.ts";
import { planChunk } from "#server/domain/campaigns/plan-chunk.ts";
import { type Recipient, readRecipients } from "#server/domain/campaigns/read-recipients.ts";
import { renderChunk } from "#server/domain/campaigns/render-chunk.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { submitInTransaction } from "#server/domain/messages/submit.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { derivedId, newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/** A campaign waits while about so many of its messages are in the queue: a pause or a stop has no more to hold back. */
const maxQueued = 20_000;
/** How full the queue is, is told by one in so many of the last recipients. */
const sampleEvery = 500;
const sampledRows = 2 * maxQueued;
/** Those who buy from the same seller wait for a chunk to commit, one-time codes among them: it is over in a moment. */
const chunkRows = 500;

export type Expansion = {
  status: CampaignStatus;
  nextOrdinal: number;
  /** The queue is full: ask again in a moment. */
  isFull: boolean;
};

/**
 * Run by the campaign's job, as often as it likes: the ids of messages are derived from campaign and recipient, so a
 * recipient that comes twice gets one message and one charge. The campaign's row is locked until a chunk's messages are
 * written: a pause or a stop comes before a chunk or after it, never in between.
 * @throws forbidden for anybody but a job · not_found `campaign_not_found`
 */
export async function expandCampaign(ctx: Context, input: ExpandCampaign): Promise<Expansion> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  const { campaignId, limit } = parse(schema, input);
  await operatorDirectory(ctx);
  const room = await asSystem(ctx, (ctx) => roomInQueue(ctx, campaignId));
  let left = Math.min(limit, room);
  for (;;) {
    const size = Math.min(left, chunkRows);
    const campaign = await retryOnCollision((attempt) =>
      asSystem(ctx, (ctx) => expandChunk(ctx, { campaignId, limit: size, attempt })),
    );
    left -= size;
    if (campaign.status !== "running" || left <= 0) {
      return {
        status: campaign.status,
        nextOrdinal: campaign.expandedTo + 1,
        isFull: campaign.status === "running" && room < limit,
      };
    }
  }
}

/** @param chunk.limit 0 where the queue is full */
async function expandChunk(
  ctx: InTx,
  chunk: { campaignId: string; limit: number; attempt: number },
): Promise<Campaign> {
  const campaign = await ownCampaign(ctx, chunk.campaignId, "update");
  if (campaign.status !== "running") return campaign;
  if (chunk.limit === 0) {
    // A sign of life: it waits, it does not stand still.
    await ctx.tx.db.update(campaigns).set({ updatedAt: ctx.clock.now() }).where(eq(campaigns.id, campaign.id));
    return campaign;
  }
  const { listId, expandedTo } = campaign;
  const rows = listId ? await readRecipients(ctx, { listId, after: expandedTo, limit: chunk.limit }) : [];
  const after = rows.length > 0 ? await expandRows(ctx, campaign, rows, chunk.attempt) : campaign;
  const isThrough = after.status === "running" && (rows.length === 0 || after.expandedTo >= after.recipientCount);
  return isThrough ? takeStep(ctx, after, "expanded") : after;
}

/** A count would walk over all that was sent since the table was last vacuumed; these lookups cost the same at any size. */
async function roomInQueue(ctx: InTx, campaignId: string): Promise<number> {
  const campaign = await ownCampaign(ctx, campaignId);
  const ids: string[] = [];
  const first = Math.max(sampleEvery, campaign.expandedTo - sampledRows);
  for (let ordinal = first; ordinal <= campaign.expandedTo; ordinal += sampleEvery) ids.push(idOf(campaign, ordinal));
  const [row] = await ctx.tx.sql<{ waiting: number }[]>`
    select count(*)::int as waiting from unnest(${ids}::uuid[]) as s (id)
    cross join lateral (select from send_queue q where q.message_id = s.id limit 1) as q`;
  return Math.max(0, maxQueued - (row?.waiting ?? 0) * sampleEvery);
}

/** The moment of launch and the recipient's place are in the id: whoever expands a recipient again finds its message. */
const idOf = ({ id, launchedAt, createdAt }: Campaign, ordinal: number): string =>
  derivedId((launchedAt ?? createdAt).getTime(), id, ordinal);

async function expandRows(ctx: InTx, campaign: Campaign, rows: Recipient[], attempt: number): Promise<Campaign> {
  const { texts, sender, maySkip } = await renderChunk(ctx, campaign, rows);
  const open = rows.filter((_, i) => texts[i] !== null);
  const items = rows.flatMap((row, i) => {
    const text = texts[i];
    if (typeof text !== "string") return [];
    return [{ id: idOf(campaign, row.ordinal), sender, to: `+${row.msisdn}`, text, class: campaign.trafficClass }];
  });
  const outcomes = items.length
    ? await submitInTransaction(
        ctx,
        { batchId: newId(), source: "campaign", campaignId: campaign.id, skipScreening: maySkip, items },
        attempt,
      )
    : [];
  const codes = new Map(open.map((row, i) => [row.ordinal, outcomes[i]?.error?.code ?? null]));
  const plan = planChunk(
    rows.map(({ ordinal, operatorId }) => ({
      operatorId,
      code: codes.has(ordinal) ? (codes.get(ordinal) ?? null) : "blocked_content",
    })),
  );
  return writeProgress(ctx, campaign, rows, plan);
}

async function writeProgress(
  ctx: InTx,
  campaign: Campaign,
  rows: Recipient[],
  { taken, refused, holdCode }: ReturnType<typeof planChunk>,
): Promise<Campaign> {
  const refusals = refused.map(({ index, code }) => ({ row: rows[index], code }));
  if (refusals.length > 0)
    await ctx.tx.sql`
    insert into campaign_refusals (campaign_id, ordinal, tenant_id, msisdn, code)
    select ${campaign.id}, ordinal, ${campaign.tenantId}, msisdn, code
    from unnest(${refusals.map((r) => r.row?.ordinal ?? 0)}::int[], ${refusals.map((r) => r.row?.msisdn ?? "")}::text[],
      ${refusals.map((r) => r.code)}::text[]) as t (ordinal, msisdn, code)
    on conflict do nothing`;
  const changes = {
    expandedTo: rows[taken - 1]?.ordinal ?? campaign.expandedTo,
    refusedCount: campaign.refusedCount + refused.length,
  };
  if (holdCode) {
    const held = await takeStep(ctx, campaign, "hold", { ...changes, statusReason: holdCode });
    const { id: campaignId, tenantId } = campaign;
    await emit(ctx, campaignHeld, { campaignId, tenantId, reason: holdCode }, tenantId);
    return held;
  }
  await ctx.tx.db
    .update(campaigns)
    .set({ ...changes, updatedAt: ctx.clock.now() })
    .where(eq(campaigns.id, campaign.id));
  return { ...campaign, ...changes };
}
