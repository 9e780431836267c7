/** Writes how endpoints are, and tells of what has begun or ended: failing, recovered, gone for good. */

import { disableEndpoint } from "#server/domain/webhooks/disable.ts";
import { webhookFailing } from "#server/domain/webhooks/events.ts";
import type { HealthChange } from "#server/domain/webhooks/work.ts";
import type { InTx } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";

export async function writeHealth(ctx: InTx, changes: readonly HealthChange[]): Promise<void> {
  if (changes.length === 0) return;
  await ctx.tx.sql`
    update webhook_endpoints e set consecutive_failures = h."consecutiveFailures", failing_since = h."failingSince",
      probes = h.probes, retry_at = h."retryAt", last_status = h."lastStatus", last_error = h."lastError",
      last_attempt_at = h."lastAttemptAt", last_success_at = coalesce(h."lastSuccessAt", e.last_success_at)
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as h ("endpointId" uuid, "consecutiveFailures" int,
      "failingSince" timestamptz, probes smallint, "retryAt" timestamptz, "lastStatus" smallint, "lastError" text,
      "lastAttemptAt" timestamptz, "lastSuccessAt" timestamptz)
    where e.id = h."endpointId"`;
  for (const change of changes) {
    if (change.news === "recovered") await wakeRetries(ctx, change.endpointId);
    if (change.news === "gone") await disableEndpoint(ctx, change.endpointId, "gone");
    if (change.news === "failing" && change.failingSince) {
      const since = change.failingSince.toISOString();
      await emit(
        ctx,
        webhookFailing,
        { webhookId: change.endpointId, tenantId: change.tenantId, since },
        change.tenantId,
      );
    }
  }
}

/** What waited because nothing got through need not wait any longer. */
async function wakeRetries(ctx: InTx, endpointId: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.tx
    .sql`update webhook_retries set ready_at = ${now} where endpoint_id = ${endpointId} and ready_at > ${now}`;
}
