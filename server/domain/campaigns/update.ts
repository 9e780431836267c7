/** Edits a draft. A rejected campaign becomes a draft again by being edited. */
import { eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { checkSender } from "#server/domain/campaigns/check-parts.ts";
import { updateCampaign as schema, type UpdateCampaign } from "#server/domain/campaigns/input.ts";
import { parseTemplate } from "#server/domain/campaigns/render.ts";
import { type Campaign, type Changes, ownCampaign } from "#server/domain/campaigns/scope.ts";
import { advanceCampaign } from "#server/domain/campaigns/state.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import type { AuditAction } from "#server/kernel/audit-actions.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { invalidInput, notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** How far ahead a launch may be. */
const maxAheadMs = 180 * 24 * 3_600_000;

/**
 * @throws conflict `campaign_status` · invalid_input `bad_template`, `schedule_in_past`, `schedule_too_far` ·
 *   not_found `sender_not_found`
 */
export async function updateCampaign(ctx: Context, input: UpdateCampaign): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id, ...changes } = parse(schema, input);
  if (changes.template !== undefined) parseTemplate(changes.template);
  return inTransaction(ctx, async (ctx) => {
    if (changes.senderId) await checkSender(ctx, changes.senderId);
    if (changes.scheduledAt) checkSchedule(ctx, changes.scheduledAt);
    return editDraft(ctx, id, "campaigns.update", changes);
  });
}

/** Locks, edits and notes. @throws conflict `campaign_status` */
export async function editDraft(ctx: InTx, id: string, action: AuditAction, changes: Changes): Promise<Campaign> {
  const before = await ownCampaign(ctx, id, "update");
  const status = advanceCampaign(before.status, "revise");
  const [row] = await ctx.tx.db
    .update(campaigns)
    .set({ ...changes, status, statusReason: null, quote: null, updatedAt: ctx.clock.now() })
    .where(eq(campaigns.id, id))
    .returning();
  if (!row) throw notFound("campaign");
  await audit(ctx, { action, subjectType: "campaign", subjectId: id, detail: changes });
  return row;
}

/** @throws invalid_input `schedule_in_past` · `schedule_too_far` */
export function checkSchedule(ctx: Context, at: Date): void {
  const aheadMs = at.getTime() - ctx.clock.now().getTime();
  if (aheadMs <= 0) {
    throw invalidInput("schedule_in_past", "The launch is in the past. Choose a later time.", { field: "scheduledAt" });
  }
  if (aheadMs > maxAheadMs) {
    throw invalidInput("schedule_too_far", "A launch can be at most 180 days ahead.", { field: "scheduledAt" });
  }
}
