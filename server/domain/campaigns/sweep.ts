/** Finds campaigns that stand still for no reason: a workflow that was lost, an hour that passed unheard. */
import { and, asc, eq, inArray, lt } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { campaignLaunch, campaignStopped } from "#server/domain/campaigns/events.ts";
import { launchScheduled } from "#server/domain/campaigns/launch.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { asSystem, type Context, type InTx, jobContext } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";

/** A chunk takes seconds at most, and its row is locked meanwhile; a full queue is looked at again within seconds. */
const stillAfterMs = 30_000;
const takeBackAfterMs = 2 * 60_000;
const limit = 200;

/**
 * The workflow engine keeps its promises; this keeps ours when it is replaced or loses its state. The relay asks every
 * few seconds, so that a campaign whose run was lost goes on within a minute.
 */
export async function wakeCampaigns(ctx: Context): Promise<{ launched: number; restarted: number }> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  const before = new Date(ctx.clock.now().getTime() - stillAfterMs);
  const { overdue, restarted } = await asSystem(ctx, async (ctx) => ({
    overdue: await ctx.tx.db
      .select()
      .from(campaigns)
      .where(and(eq(campaigns.status, "scheduled"), lt(campaigns.scheduledAt, before)))
      .orderBy(asc(campaigns.scheduledAt))
      .limit(limit),
    restarted: await restart(ctx, before),
  }));
  for (const { id: campaignId, tenantId, scheduledAt } of overdue) {
    const own = jobContext(ctx, ctx.actor.id, tenantId, ctx.requestId);
    if (scheduledAt) await launchScheduled(own, { campaignId, scheduledAt });
  }
  return { launched: overdue.length, restarted };
}

/** Each minute: stopped campaigns that still have messages in the queue. @returns how many are asked to go on */
export async function sweepStopped(ctx: Context): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("campaigns.write");
  return asSystem(ctx, takeBackAgain);
}

async function restart(ctx: InTx, before: Date): Promise<number> {
  const still = await ctx.tx.db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.status, "running"), lt(campaigns.updatedAt, before)))
    .limit(limit)
    .for("update", { skipLocked: true });
  for (const { id: campaignId, tenantId } of still) await emit(ctx, campaignLaunch, { campaignId, tenantId }, tenantId);
  await touch(ctx, still);
  return still.length;
}

async function takeBackAgain(ctx: InTx): Promise<number> {
  const left = await ctx.tx.sql<{ id: string; tenantId: string }[]>`
    select c.id, c.tenant_id as "tenantId" from campaigns c
    where c.status = 'stopped' and c.finished_at < ${new Date(ctx.clock.now().getTime() - takeBackAfterMs)}
      and c.finished_at > ${new Date(ctx.clock.now().getTime() - 24 * 3_600_000)}
      and exists (select from send_queue q where q.campaign_id = c.id)
    limit ${limit}`;
  for (const { id: campaignId, tenantId } of left) await emit(ctx, campaignStopped, { campaignId, tenantId }, tenantId);
  return left.length;
}

/** So that the next sweep leaves them alone for a while. */
async function touch(ctx: InTx, rows: readonly Campaign[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  await ctx.tx.db.update(campaigns).set({ updatedAt: ctx.clock.now() }).where(inArray(campaigns.id, ids));
}
