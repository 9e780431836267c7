/** Queues what endpoints are to be told of, in the transaction in which it happens. One read and one write a batch. */
import { momentArray, textArray, uuidArray } from "#db/arrays.ts";
import { otherEvent } from "#server/domain/webhooks/claim.ts";
import type { WebhookEventType } from "#server/domain/webhooks/input.ts";
import { announceWork } from "#server/domain/webhooks/news.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

export type MessageEvent = {
  id: string;
  tenantId: string;
  status: string;
  errorCode: string | null;
  /** Now, when null. */
  at: Date | null;
};

type Subscription = { id: string; tenantId: string; events: string[] };

/** For system transactions. */
export async function queueMessageEvents(ctx: InTx, messages: readonly MessageEvent[]): Promise<void> {
  const subscriptions = await subscriptionsOf(ctx, [...new Set(messages.map(({ tenantId }) => tenantId))]);
  for (const { id, tenantId, events } of subscriptions) {
    const told = messages.filter((m) => m.tenantId === tenantId && events.includes(`message.${m.status}`));
    queueDeliveries(ctx, id, told);
  }
}

/** An event that is not a message's: `id` makes it happen once. For system transactions. */
export async function queueOtherEvent(
  ctx: InTx,
  event: { id: string; tenantId: string; type: WebhookEventType; data: Record<string, unknown> },
): Promise<void> {
  const subscriptions = await subscriptionsOf(ctx, [event.tenantId]);
  const endpoints = subscriptions.filter(({ events }) => events.includes(event.type));
  if (endpoints.length === 0) return;
  const { sql } = ctx.tx;
  const now = ctx.clock.now();
  const written = await sql`
    insert into webhook_events (id, tenant_id, type, data, created_at)
    values (${event.id}, ${event.tenantId}, ${event.type}, ${JSON.stringify(event.data)}::jsonb, ${now})
    on conflict do nothing returning 1`;
  if (written.length === 0) return;
  const { id, tenantId } = event;
  for (const endpoint of endpoints) {
    queueDeliveries(ctx, endpoint.id, [{ id, tenantId, status: otherEvent, errorCode: null, at: now }]);
  }
}

/** For one endpoint, which is woken when the transaction commits; written with the commit. */
export function queueDeliveries(ctx: InTx, endpointId: string, rows: readonly MessageEvent[]): void {
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  ctx.tx.atCommit(ctx.tx.sql`
    insert into outgoing_receipts (id, channel, receiver_id, ready_at, tenant_id, message_id, status, error_code, at)
    select id, 'webhook', ${endpointId}::uuid, ${now}::timestamptz, tenant_id, message_id, status, error_code, at
    from unnest(${uuidArray(rows.map(() => newId()))}::uuid[], ${uuidArray(rows.map((r) => r.tenantId))}::uuid[],
      ${uuidArray(rows.map((r) => r.id))}::uuid[], ${textArray(rows.map((r) => r.status))}::text[],
      ${textArray(rows.map((r) => r.errorCode))}::text[],
      ${momentArray(rows.map((r) => r.at ?? now))}::timestamptz[])
      as r (id, tenant_id, message_id, status, error_code, at)`);
  announceWork(ctx, endpointId);
}

/** Paused ones are included: what happens meanwhile is kept for them. */
async function subscriptionsOf(ctx: InTx, tenantIds: string[]): Promise<Subscription[]> {
  const rows = await ctx.tx.sql<Subscription[]>`
    select id, tenant_id as "tenantId", events from webhook_endpoints
    where tenant_id = any(${uuidArray(tenantIds)}::uuid[]) and status in ('active', 'paused')`;
  return [...rows];
}
