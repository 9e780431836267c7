/** Endpoints with what waits for them, one of them, and what was sent to it. */
import { and, desc, eq, ne } from "drizzle-orm";
import { type webhookAttempts, webhookEndpoints } from "#db/schema/webhooks.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import {
  listAttempts as attemptsSchema,
  type ListAttempts,
  type ListWebhooks,
  listWebhooks as listSchema,
  type WebhookById,
  webhookById,
} from "#server/domain/webhooks/input.ts";
import { endpointColumns, endpointInScope, type WebhookEndpoint } from "#server/domain/webhooks/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { idTimeMs } from "#server/kernel/id.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

/** Counting further would take time and tell nobody more. */
const mostCounted = 10_000;

export type Waiting = {
  /** Events that were not tried yet; `mostCounted` stands for that many or more. */
  fresh: number;
  /** Events that failed and wait for their next try. */
  retries: number;
  /** When the oldest of them happened. */
  oldestAt: Date | null;
};
export type WebhookWithQueue = WebhookEndpoint & { waiting: Waiting };
export type WebhookAttempt = Omit<typeof webhookAttempts.$inferSelect, "messageIds"> & {
  /** The first of them. */
  messageIds: string[];
};

const shownMessages = 20;

/** Of one tenant, newest first. @throws not_found `tenant_not_found` */
export async function listWebhooks(ctx: Context, input: ListWebhooks): Promise<WebhookWithQueue[]> {
  allow(ctx, "webhooks.read");
  const { tenantId = ctx.tenantId } = parse(listSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select(endpointColumns)
      .from(webhookEndpoints)
      .where(and(eq(webhookEndpoints.tenantId, tenantId), ne(webhookEndpoints.status, "deleted")))
      .orderBy(desc(webhookEndpoints.id));
    return Promise.all(rows.map(async (row) => ({ ...row, waiting: await waitingFor(ctx, row.id) })));
  });
}

/** @throws not_found `webhook_not_found` */
export async function getWebhook(ctx: Context, input: WebhookById): Promise<WebhookWithQueue> {
  allow(ctx, "webhooks.read");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    const row = await endpointInScope(ctx, id);
    return { ...row, waiting: await waitingFor(ctx, id) };
  });
}

async function waitingFor(ctx: InTx, id: string): Promise<Waiting> {
  const [row] = await ctx.tx.sql<Waiting[]>`
    select (select count(*)::int from (select from outgoing_receipts where receiver_id = ${id} and lease_owner is null
        limit ${mostCounted}) f) as fresh,
      (select count(*)::int from (select from webhook_retries where endpoint_id = ${id} limit ${mostCounted}) r) as retries,
      least(
        (select at from outgoing_receipts where receiver_id = ${id} and lease_owner is null order by id limit 1),
        (select min(at) from (select at from webhook_retries where endpoint_id = ${id} limit ${mostCounted}) o)
      ) as "oldestAt"`;
  return row ?? { fresh: 0, retries: 0, oldestAt: null };
}

/** Newest first. @throws not_found `webhook_not_found` */
export async function listWebhookAttempts(ctx: Context, input: ListAttempts): Promise<Page<WebhookAttempt>> {
  allow(ctx, "webhooks.read");
  const { id, outcome, messageId, cursor, limit } = parse(attemptsSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await endpointInScope(ctx, id);
    const { sql } = ctx.tx;
    const since = messageId ? new Date(idTimeMs(messageId)) : null;
    const rows = await sql<WebhookAttempt[]>`
      select id, tenant_id as "tenantId", endpoint_id as "endpointId", at, outcome, attempt, requests, events,
        message_ids[1:${shownMessages}::int] as "messageIds", status_code as "statusCode", duration_ms as "durationMs", error
      from webhook_attempts
      where endpoint_id = ${id}
        and ${cursor ? sql`id < ${cursor}::uuid` : sql`true`}
        and ${outcome ? sql`outcome = ${outcome}` : sql`true`}
        and ${messageId ? sql`id >= banyan_uuid7_floor(${since}::timestamptz) and message_ids @> array[${messageId}::uuid]` : sql`true`}
      order by id desc limit ${limit + 1}`;
    return toPage([...rows], limit);
  });
}
