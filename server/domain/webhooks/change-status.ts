/** Pausing, resuming and deleting an endpoint. */
import { type WebhookById, webhookById } from "#server/domain/webhooks/input.ts";
import { changeEndpoint, endpointInScope, type WebhookEndpoint } from "#server/domain/webhooks/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Events are kept, for a week at most, and sent when it is resumed. A second pause changes nothing.
 * @throws not_found `webhook_not_found` · conflict `webhook_disabled`
 */
export async function pauseWebhook(ctx: Context, input: WebhookById): Promise<WebhookEndpoint> {
  allow(ctx, "webhooks.write");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await endpointInScope(ctx, id, "update");
    if (before.status === "paused") return before;
    if (before.status === "disabled") throw conflict("webhook_disabled", "This webhook is off. Resume it first.");
    const row = await changeEndpoint(ctx, id, { status: "paused" });
    await audit(ctx, { action: "webhooks.pause", subjectType: "webhook", subjectId: id, tenantId: row.tenantId });
    return row;
  });
}

/**
 * Sends again, at once: also an endpoint that was disabled, and one that waits for its next try. What is kept goes out.
 * @throws not_found `webhook_not_found`
 */
export async function resumeWebhook(ctx: Context, input: WebhookById): Promise<WebhookEndpoint> {
  allow(ctx, "webhooks.write");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await endpointInScope(ctx, id, "update");
    if (before.status === "active" && before.failingSince === null && before.retryAt === null) return before;
    const row = await changeEndpoint(ctx, id, {
      status: "active",
      disabledReason: null,
      consecutiveFailures: 0,
      failingSince: null,
      probes: 0,
      retryAt: null,
    });
    await ctx.tx.sql`update webhook_retries set ready_at = ${ctx.clock.now()} where endpoint_id = ${id}`;
    await audit(ctx, { action: "webhooks.resume", subjectType: "webhook", subjectId: id, tenantId: row.tenantId });
    return row;
  });
}

/** Gone for everybody at once; what waits for it is cleared away after that. @throws not_found `webhook_not_found` */
export async function deleteWebhook(ctx: Context, input: WebhookById): Promise<{ id: string }> {
  allow(ctx, "webhooks.write");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await endpointInScope(ctx, id, "update");
    await changeEndpoint(ctx, id, { status: "deleted", secretSealed: "", previousSecrets: [] });
    await audit(ctx, {
      action: "webhooks.delete",
      subjectType: "webhook",
      subjectId: id,
      tenantId: before.tenantId,
      detail: { url: before.url },
    });
    return { id };
  });
}
