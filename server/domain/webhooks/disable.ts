/** Turns an endpoint off that says it is gone, or that has failed for days; its owners are told. */
import { webhookDisabled } from "#server/domain/webhooks/events.ts";
import { announceChange } from "#server/domain/webhooks/news.ts";
import { audit } from "#server/kernel/audit.ts";
import type { InTx } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";

/** What waits for it is kept for a week; new events are not. One that is off, paused or deleted stays as it is. */
export async function disableEndpoint(ctx: InTx, id: string, reason: "gone" | "failing"): Promise<void> {
  const now = ctx.clock.now();
  const [row] = await ctx.tx.sql<{ tenantId: string; url: string }[]>`
    update webhook_endpoints set status = 'disabled', disabled_reason = ${reason}, updated_at = ${now}
    where id = ${id} and status = 'active' returning tenant_id as "tenantId", url`;
  if (!row) return;
  const { tenantId, url } = row;
  await audit(ctx, {
    action: "webhooks.disable",
    subjectType: "webhook",
    subjectId: id,
    tenantId,
    detail: { reason, url },
  });
  await emit(ctx, webhookDisabled, { webhookId: id, tenantId, reason, url, at: now.toISOString() }, tenantId);
  await announceChange(ctx, id);
}
