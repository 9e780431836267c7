/** Hands the next recipients of a running campaign to submit: in small chunks, each written with the campaign's own progress. */
import { setTimeout as wait } from "node:timers/promises";
import { ChunkPace } from "#server/domain/campaigns/chunk-pace.ts";
import { expandChunk } from "#server/domain/campaigns/expand-chunk.ts";
import { type ExpandCampaign, expandCampaign as schema } from "#server/domain/campaigns/input.ts";
import { roomInQueue } from "#server/domain/campaigns/queue-room.ts";
import { type Recipient, readRecipients } from "#server/domain/campaigns/read-recipients.ts";
import { loadComposition } from "#server/domain/campaigns/render-chunk.ts";
import { type Campaign, ownCampaign } from "#server/domain/campaigns/scope.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Recipients are read ahead by so many: a read costs a trip, and they need no lock. */
const pageRows = 2_500;
/** A full queue is looked at again so soon, and in one step so long: workers that keep up never wait for the next step. */
const fullPauseMs = 50;
const fullPatienceMs = 2_000;

/** A rest behind each chunk: answers, receipts and one-time codes want the processors that a chunk had. */
const restShare = 0.7;
/** One that waited for a lock has not kept anybody from a processor. */
const mostRestedMs = 1_000;

/** Of all campaigns of this process: they meet at the same locks. */
const pace = new ChunkPace();

export type Expansion = {
  status: CampaignStatus;
  nextOrdinal: number;
  /** The queue is full and stays it: ask again in a moment. */
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
  let campaign = await asSystem(ctx, (ctx) => ownCampaign(ctx, campaignId));
  if (campaign.status !== "running") return expansionOf(campaign, false);
  const first = campaign;
  const composition = await asSystem(ctx, (ctx) => loadComposition(ctx, first));
  let ahead: Recipient[] = [];
  let left = limit;
  let patienceMs = fullPatienceMs;
  while (left > 0 && campaign.status === "running") {
    const wanted = Math.min(left, pace.rows);
    const { room, waitedMs } = await awaitRoom(ctx, campaign, wanted, patienceMs);
    if (room === 0) return expansionOf(campaign, true);
    patienceMs -= waitedMs;
    const count = Math.min(wanted, room);
    ahead = await readAhead(ctx, campaign, ahead, Math.min(left, Math.max(count, pageRows)));
    const chunk = { campaign, composition, rows: ahead.slice(0, count) };
    const startedMs = performance.now();
    campaign = await retryOnCollision((attempt) => asSystem(ctx, (ctx) => expandChunk(ctx, { ...chunk, attempt })));
    const tookMs = performance.now() - startedMs;
    pace.note(chunk.rows.length, tookMs);
    left -= count;
    await wait(Math.min(tookMs, mostRestedMs) * restShare);
  }
  return expansionOf(campaign, false);
}

const expansionOf = ({ status, expandedTo }: Campaign, isFull: boolean): Expansion => ({
  status,
  nextOrdinal: expandedTo + 1,
  isFull,
});

/** @returns the room, `wanted` or more of it if that comes in time; 0 when the queue stays full */
async function awaitRoom(
  ctx: Context,
  campaign: Campaign,
  wanted: number,
  patienceMs: number,
): Promise<{ room: number; waitedMs: number }> {
  for (let waitedMs = 0; ; waitedMs += fullPauseMs) {
    const room = await roomInQueue(ctx, campaign);
    if (room < wanted && waitedMs < patienceMs) {
      await wait(fullPauseMs);
      continue;
    }
    if (room === 0) await showLife(ctx, campaign);
    return { room, waitedMs };
  }
}

/** It waits, it does not stand still. */
async function showLife({ db, clock }: Context, { id }: Campaign): Promise<void> {
  await db.sql`update campaigns set updated_at = ${clock.now()} where id = ${id} and status = 'running'`;
}

/** What was read and is still next; read anew when a chunk's worth is not left, or another run moved the campaign. */
async function readAhead(
  ctx: Context,
  { listId, expandedTo, recipientCount }: Campaign,
  ahead: Recipient[],
  limit: number,
): Promise<Recipient[]> {
  const rest = ahead.filter((row) => row.ordinal > expandedTo);
  const isNext = rest[0]?.ordinal === expandedTo + 1;
  const isEnough = rest.length >= Math.min(pace.rows, limit) || rest.at(-1)?.ordinal === recipientCount;
  if (!listId || (isNext && isEnough)) return rest;
  const kept = isNext ? rest : [];
  const after = kept.at(-1)?.ordinal ?? expandedTo;
  const more = await asSystem(ctx, (ctx) => readRecipients(ctx, { listId, after, limit: limit - kept.length }));
  return [...kept, ...more];
}
