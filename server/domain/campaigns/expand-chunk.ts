/** One chunk of a campaign: its messages and how far the campaign got, in one transaction. */
import { eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { campaignHeld } from "#server/domain/campaigns/events.ts";
import { type ChunkPlan, planChunk } from "#server/domain/campaigns/plan-chunk.ts";
import { idsOf } from "#server/domain/campaigns/queue-room.ts";
import type { Recipient } from "#server/domain/campaigns/read-recipients.ts";
import { type Composition, renderChunk } from "#server/domain/campaigns/render-chunk.ts";
import { type Campaign, ownCampaign, takeStep } from "#server/domain/campaigns/scope.ts";
import { submitInTransaction } from "#server/domain/messages/submit.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

export type Chunk = {
  /** As it was read last. */
  campaign: Campaign;
  composition: Composition;
  /** The recipients that come next; none when the list has ended. */
  rows: readonly Recipient[];
  /** See retryOnCollision. */
  attempt: number;
};

/**
 * @returns the campaign after it; as somebody else left it when it was moved, paused or stopped meanwhile: then nothing
 *   was written
 */
export async function expandChunk(ctx: InTx, chunk: Chunk): Promise<Campaign> {
  const { campaign, rows } = chunk;
  const moved = { ...campaign, expandedTo: rows.at(-1)?.ordinal ?? campaign.expandedTo };
  if (!(await moveOn(ctx, campaign, moved.expandedTo))) return ownCampaign(ctx, campaign.id);
  const plan = await submitRows(ctx, chunk);
  const { taken, refused, holdCode } = plan;
  const after = { ...moved, refusedCount: campaign.refusedCount + refused.length };
  if (refused.length > 0) await storeRefusals(ctx, campaign, rows, plan);
  if (holdCode) return hold(ctx, after, rows[taken - 1]?.ordinal ?? campaign.expandedTo, holdCode);
  const isThrough = rows.length === 0 || after.expandedTo >= after.recipientCount;
  return isThrough ? takeStep(ctx, after, "expanded") : after;
}

/**
 * Locks the campaign where it was seen, and moves it as if all were accepted, which is nearly always so: the submission
 * ends with the lock of all its sellers' accounts, and behind that nothing is left but the commit.
 */
async function moveOn(ctx: InTx, { id, expandedTo, refusedCount }: Campaign, to: number): Promise<boolean> {
  const rows = await ctx.tx.sql`
    update campaigns set expanded_to = ${to}, updated_at = ${ctx.clock.now()}
    where id = ${id} and tenant_id = ${ctx.tenantId} and status = 'running'
      and expanded_to = ${expandedTo} and refused_count = ${refusedCount}
    returning 1`;
  return rows.length > 0;
}

async function submitRows(ctx: InTx, { campaign, composition, rows, attempt }: Chunk): Promise<ChunkPlan> {
  const idOf = idsOf(campaign);
  const texts = await renderChunk(ctx, composition, rows);
  const open = rows.flatMap((row, i) => {
    const text = texts[i];
    if (typeof text !== "string") return [];
    const item = { id: idOf(row.ordinal), sender: composition.sender, to: `+${row.msisdn}`, text };
    return [{ ...item, class: campaign.trafficClass }];
  });
  const common = { batchId: newId(), source: "campaign" as const, campaignId: campaign.id };
  const outcomes = open.length
    ? await submitInTransaction(ctx, { ...common, skipScreening: composition.maySkip, items: open }, attempt)
    : [];
  let next = 0;
  return planChunk(
    rows.map(({ operatorId }, i) => {
      if (texts[i] === null) return { operatorId, code: "blocked_content" };
      next += 1;
      return { operatorId, code: outcomes[next - 1]?.error?.code ?? null };
    }),
  );
}

async function storeRefusals(
  ctx: InTx,
  { id, tenantId, refusedCount }: Campaign,
  rows: readonly Recipient[],
  { refused }: ChunkPlan,
): Promise<void> {
  const refusals = refused.flatMap(({ index, code }) => {
    const row = rows[index];
    return row ? [{ ordinal: row.ordinal, msisdn: row.msisdn, code }] : [];
  });
  await ctx.tx.sql`
    insert into campaign_refusals (campaign_id, ordinal, tenant_id, msisdn, code)
    select ${id}, ordinal, ${tenantId}, msisdn, code
    from unnest(${refusals.map((r) => r.ordinal)}::int[], ${refusals.map((r) => r.msisdn)}::text[],
      ${refusals.map((r) => r.code)}::text[]) as t (ordinal, msisdn, code)
    on conflict do nothing`;
  await ctx.tx.db
    .update(campaigns)
    .set({ refusedCount: refusedCount + refused.length })
    .where(eq(campaigns.id, id));
}

/** @param expandedTo the last recipient before the first that must wait */
async function hold(ctx: InTx, campaign: Campaign, expandedTo: number, statusReason: string): Promise<Campaign> {
  const { id: campaignId, tenantId, refusedCount } = campaign;
  const held = await takeStep(ctx, campaign, "hold", { expandedTo, refusedCount, statusReason });
  await emit(ctx, campaignHeld, { campaignId, tenantId, reason: statusReason }, tenantId);
  return held;
}
