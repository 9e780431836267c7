/** Adds an endpoint. Its secret is given back once, here, and stored sealed. */
import { and, eq, ne } from "drizzle-orm";
import { webhookEndpoints } from "#db/schema/webhooks.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { checkAddress } from "#server/domain/webhooks/check-address.ts";
import { type CreateWebhook, createWebhook as schema } from "#server/domain/webhooks/input.ts";
import { endpointColumns, endpointInScope, type WebhookEndpoint } from "#server/domain/webhooks/scope.ts";
import { newSecret } from "#server/domain/webhooks/signature.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** `secret` is null when the same call was made before: it is shown once. */
export type NewWebhook = WebhookEndpoint & { secret: string | null };

/** Each of them is looked at whenever a message of the tenant ends. */
const mostEndpoints = 20;

/**
 * Idempotent by `input.id`.
 * @throws not_found `tenant_not_found` · invalid_input `host_not_allowed` · conflict `webhook_id_taken` · `too_many_webhooks`
 */
export async function createWebhook(ctx: Context, input: CreateWebhook): Promise<NewWebhook> {
  allow(ctx, "webhooks.write");
  const { tenantId = ctx.tenantId, secret = newSecret(), events, ...wanted } = parse(schema, input);
  await checkAddress(wanted.url);
  return inTransaction(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    const known = await endpointInScope(ctx, wanted.id).catch(() => null);
    if (known?.tenantId === tenant.id && known.url === wanted.url) return { ...known, secret: null };
    await checkCount(ctx, tenant.id);
    const now = ctx.clock.now();
    const [row] = await ctx.tx.db
      .insert(webhookEndpoints)
      .values({
        ...wanted,
        tenantId: tenant.id,
        events: [...new Set(events)],
        secretSealed: seal(secret, wanted.id),
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning(endpointColumns);
    if (!row) throw conflict("webhook_id_taken", "This id is in use. Choose a new one.");
    await audit(ctx, {
      action: "webhooks.create",
      subjectType: "webhook",
      subjectId: row.id,
      tenantId: tenant.id,
      detail: { url: row.url, events: row.events, batchSize: row.batchSize },
    });
    return { ...row, secret };
  });
}

async function checkCount(ctx: InTx, tenantId: string): Promise<void> {
  const rows = await ctx.tx.db
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.tenantId, tenantId), ne(webhookEndpoints.status, "deleted")))
    .limit(mostEndpoints);
  if (rows.length < mostEndpoints) return;
  throw conflict("too_many_webhooks", `An account has at most ${mostEndpoints} webhooks. Delete one first.`);
}
