/** A new secret; for a day requests are signed with the old one too, so that the receiver can change over at any moment. */
import { eq } from "drizzle-orm";
import { webhookEndpoints } from "#db/schema/webhooks.ts";
import type { NewWebhook } from "#server/domain/webhooks/create.ts";
import { type WebhookById, webhookById } from "#server/domain/webhooks/input.ts";
import { changeEndpoint, endpointInScope } from "#server/domain/webhooks/scope.ts";
import { newSecret } from "#server/domain/webhooks/signature.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const overlapMs = 24 * 3_600_000;
/** Old secrets that are valid at a time: a call that is repeated, because its answer was lost, ends none of them. */
const mostPrevious = 4;

/**
 * Shown once, like the first.
 * @throws not_found `webhook_not_found` · conflict `too_many_secrets`
 */
export async function rotateWebhookSecret(ctx: Context, input: WebhookById): Promise<NewWebhook> {
  allow(ctx, "webhooks.write");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    const { tenantId } = await endpointInScope(ctx, id, "update");
    const secret = newSecret();
    const previousSecrets = await secretsToKeep(ctx, id);
    const row = await changeEndpoint(ctx, id, { secretSealed: seal(secret, id), previousSecrets });
    await audit(ctx, { action: "webhooks.rotate_secret", subjectType: "webhook", subjectId: id, tenantId });
    return { ...row, secret };
  });
}

async function secretsToKeep(ctx: InTx, id: string) {
  const [row] = await ctx.tx.db
    .select({ current: webhookEndpoints.secretSealed, previous: webhookEndpoints.previousSecrets })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.id, id));
  const now = ctx.clock.now();
  const valid = (row?.previous ?? []).filter(({ until }) => Date.parse(until) > now.getTime());
  if (valid.length >= mostPrevious) {
    throw conflict("too_many_secrets", "The secret was renewed several times today. Wait until old ones have ended.");
  }
  return [...valid, { sealed: row?.current ?? "", until: new Date(now.getTime() + overlapMs).toISOString() }];
}
