/** Sends a test event at once, past the queue, and says what came back. */

import { eq } from "drizzle-orm";
import { webhookAttempts, webhookEndpoints } from "#db/schema/webhooks.ts";
import { type WebhookById, webhookById } from "#server/domain/webhooks/input.ts";
import { endpointInScope } from "#server/domain/webhooks/scope.ts";
import { keyOf, signedHeaders, validSecrets } from "#server/domain/webhooks/signature.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { boundTrials } from "#server/kernel/bound-trials.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { fetchOutside } from "#server/kernel/outbound-fetch.ts";
import { parse } from "#server/kernel/parse.ts";

export type TestResult = {
  /** Answered with 2xx. */
  isTaken: boolean;
  /** Null when no answer came. */
  statusCode: number | null;
  durationMs: number;
  /** A code, such as `no_answer` or `host_not_allowed`; null when an answer came. */
  error: string | null;
};

const timeoutMs = 15_000;
const maxBytes = 65_536;

/**
 * Works for paused and disabled endpoints too, and changes nothing about them.
 * @throws not_found `webhook_not_found` · rate_limited `too_many_trials`
 */
export async function sendTestEvent(ctx: Context, input: WebhookById, guard: Guard = {}): Promise<TestResult> {
  allow(ctx, "webhooks.write");
  const { id } = parse(webhookById, input);
  const { endpoint, keys } = await inTransaction(ctx, async (ctx) => {
    const endpoint = await endpointInScope(ctx, id);
    const { tenantId } = endpoint;
    await boundTrials(ctx, tenantId, "webhooks.send_test");
    await audit(ctx, { action: "webhooks.send_test", subjectType: "webhook", subjectId: id, tenantId });
    const [row] = await ctx.tx.db
      .select({ current: webhookEndpoints.secretSealed, previous: webhookEndpoints.previousSecrets })
      .from(webhookEndpoints)
      .where(eq(webhookEndpoints.id, id));
    const sealed = validSecrets(row?.current ?? "", row?.previous ?? [], ctx.clock.now());
    return { endpoint, keys: sealed.map((one) => keyOf(open(one, id))) };
  });
  const at = ctx.clock.now();
  const eventId = newId();
  const event = { type: "webhook.test", timestamp: at, data: { webhookId: id } };
  const inList = { type: "batch", timestamp: at, data: { events: [{ id: `test_${eventId}`, ...event }] } };
  const body = JSON.stringify(endpoint.batchSize > 1 ? inList : event);
  const signed = { id: `test_${eventId}`, timestamp: Math.floor(at.getTime() / 1_000), body };
  const result = await post(endpoint.url, signedHeaders(keys, signed), body, guard);
  await inTransaction(ctx, async (ctx) => {
    const { tenantId } = endpoint;
    const { isTaken, statusCode, durationMs, error } = result;
    await ctx.tx.db.insert(webhookAttempts).values({
      id: eventId,
      tenantId,
      endpointId: id,
      at,
      outcome: isTaken ? "test_passed" : "test_failed",
      attempt: 1,
      requests: 1,
      events: 1,
      messageIds: [],
      statusCode,
      durationMs,
      error: error ?? (isTaken ? null : "status"),
    });
  });
  return result;
}

async function post(url: string, headers: Record<string, string>, body: string, guard: Guard): Promise<TestResult> {
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  try {
    const { status } = await fetchOutside(url, { method: "POST", headers, body, timeoutMs, maxBytes }, guard);
    return { isTaken: status >= 200 && status < 300, statusCode: status, durationMs: tookMs(), error: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { isTaken: false, statusCode: null, durationMs: tookMs(), error: error.code };
  }
}
