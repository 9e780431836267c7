/** How far a campaign is: from its own row, its queue and the rollups; never by counting messages. */
import { type CampaignId, campaignId as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, campaignInScope } from "#server/domain/campaigns/scope.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Progress = {
  id: string;
  status: CampaignStatus;
  statusReason: string | null;
  recipients: number;
  /** Recipients handed to submit. */
  expanded: number;
  /** Recipients that submit turned down; see the list of refusals. */
  refused: number;
  /** Accepted messages. */
  accepted: number;
  /** Waiting for a worker, or in its hands. */
  queued: number;
  /** Taken by a carrier; of these, so many have no receipt yet. */
  sent: number;
  awaitingReceipt: number;
  delivered: number;
  /** Ended otherwise than delivered, those taken back by a stop included. */
  failed: number;
  unknown: number;
  /** Since the launch, per second. */
  sentPerSecond: number;
  /** Until every recipient has been sent to, at that speed; null when it cannot be told. */
  secondsLeft: number | null;
  launchedAt: Date | null;
  finishedAt: Date | null;
  asOf: Date;
};

type Counts = { accepted: number; sent: number; delivered: number; failed: number; unknown: number };

export async function getProgress(ctx: Context, input: CampaignId): Promise<Progress> {
  allow(ctx, "campaigns.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const campaign = await campaignInScope(ctx, id);
    const counts = await countsOf(ctx, id);
    const queued = await queuedOf(ctx, id);
    const { recipientCount: recipients, expandedTo: expanded, refusedCount: refused } = campaign;
    const finished = counts.delivered + counts.failed + counts.unknown;
    return {
      id,
      status: campaign.status,
      statusReason: campaign.statusReason,
      recipients,
      expanded,
      refused,
      ...counts,
      queued,
      awaitingReceipt: Math.max(0, counts.accepted - finished - queued),
      ...speedOf(ctx, campaign, counts),
      launchedAt: campaign.launchedAt,
      finishedAt: campaign.finishedAt,
      asOf: ctx.clock.now(),
    };
  });
}

export async function countsOf(ctx: InTx, campaignId: string): Promise<Counts> {
  const [row] = await ctx.tx.sql<Counts[]>`
    select coalesce(sum(accepted_count), 0)::int as accepted, coalesce(sum(sent_count), 0)::int as sent,
      coalesce(sum(delivered_count), 0)::int as delivered, coalesce(sum(failed_count), 0)::int as failed,
      coalesce(sum(unknown_count), 0)::int as unknown
    from report_rollups where campaign_id = ${campaignId}`;
  return row ?? { accepted: 0, sent: 0, delivered: 0, failed: 0, unknown: 0 };
}

/** Bounded: an expansion waits while the queue is full. */
async function queuedOf(ctx: InTx, campaignId: string): Promise<number> {
  const [row] = await ctx.tx.sql<{ queued: number }[]>`
    select count(*)::int as queued from send_queue where campaign_id = ${campaignId}`;
  return row?.queued ?? 0;
}

function speedOf(ctx: Context, campaign: Campaign, counts: Counts): Pick<Progress, "sentPerSecond" | "secondsLeft"> {
  const { launchedAt, finishedAt } = campaign;
  if (!launchedAt) return { sentPerSecond: 0, secondsLeft: null };
  const seconds = Math.max(1, ((finishedAt ?? ctx.clock.now()).getTime() - launchedAt.getTime()) / 1_000);
  const sentPerSecond = Math.round((counts.sent / seconds) * 10) / 10;
  const left = campaign.recipientCount - campaign.refusedCount - counts.sent;
  const isMoving = campaign.status === "running" || campaign.status === "sending";
  return {
    sentPerSecond,
    secondsLeft: isMoving && sentPerSecond > 0 ? Math.max(0, Math.ceil(left / sentPerSecond)) : null,
  };
}
