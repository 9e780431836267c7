/** Completes campaigns whose every message has its last status, or one that nobody will ever learn. */
import { inArray } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { campaignCompleted } from "#server/domain/campaigns/events.ts";
import { takeStep } from "#server/domain/campaigns/scope.ts";
import { asSystem, type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

/** At most so many in one step. */
const limit = 200;

/**
 * Cheap enough for every second: it looks at campaigns that wait for their last receipts, and at their rollups. Messages
 * whose answer was lost count as ended; when the carrier tells later, the figures follow and the campaign stays complete.
 * @returns how many were completed
 */
export async function finishCampaigns(base: Pick<Context, "db" | "clock">): Promise<number> {
  const ctx = jobContext(base, "finish-campaigns", nilId, newId());
  return asSystem(ctx, async (ctx) => {
    const due = await ctx.tx.sql<{ id: string; unknown: number }[]>`
      select c.id, r.unknown from campaigns c
      cross join lateral (
        select coalesce(sum(accepted_count), 0) as accepted, coalesce(sum(unknown_count), 0)::int as unknown,
          coalesce(sum(delivered_count + failed_count + unknown_count), 0) as ended
        from report_rollups where campaign_id = c.id) r
      where c.status = 'sending' and r.accepted = c.expanded_to - c.refused_count and r.ended = r.accepted
      order by c.id limit ${limit} for update of c skip locked`;
    if (due.length === 0) return 0;
    const ids = due.map((row) => row.id);
    const rows = await ctx.tx.db.select().from(campaigns).where(inArray(campaigns.id, ids));
    for (const campaign of rows) {
      const unknown = due.find((row) => row.id === campaign.id)?.unknown ?? 0;
      await takeStep({ ...ctx, tenantId: campaign.tenantId }, campaign, "complete", {
        finishedAt: ctx.clock.now(),
        statusReason: unknown > 0 ? `unknown:${unknown}` : null,
      });
      await emit(ctx, campaignCompleted, { campaignId: campaign.id, tenantId: campaign.tenantId }, campaign.tenantId);
    }
    return rows.length;
  });
}
