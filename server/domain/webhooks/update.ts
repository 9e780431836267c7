/** Changes where an endpoint is, what it is told of, and in how large lists. */
import { checkAddress } from "#server/domain/webhooks/check-address.ts";
import { updateWebhook as schema, type UpdateWebhook } from "#server/domain/webhooks/input.ts";
import { changeEndpoint, endpointInScope, type WebhookEndpoint } from "#server/domain/webhooks/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** What is left out stays. @throws not_found `webhook_not_found` · invalid_input `host_not_allowed` */
export async function updateWebhook(ctx: Context, input: UpdateWebhook): Promise<WebhookEndpoint> {
  allow(ctx, "webhooks.write");
  const { id, ...changes } = parse(schema, input);
  if (changes.url !== undefined) {
    await inTransaction(ctx, (ctx) => endpointInScope(ctx, id));
    await checkAddress(changes.url);
  }
  return inTransaction(ctx, async (ctx) => {
    const before = await endpointInScope(ctx, id, "update");
    const events = changes.events ? [...new Set(changes.events)] : before.events;
    const row = await changeEndpoint(ctx, id, { ...changes, events });
    await audit(ctx, {
      action: "webhooks.update",
      subjectType: "webhook",
      subjectId: id,
      tenantId: row.tenantId,
      detail: changes,
    });
    return row;
  });
}
