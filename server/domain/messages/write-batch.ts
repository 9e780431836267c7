/** Writes what submit accepted: messages, their work in the queue, their timelines, the reports' counters. Set-based. */
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { countChanges } from "#server/domain/messages/count.ts";
import type { Line } from "#server/domain/messages/line.ts";
import { receiptWish } from "#server/domain/messages/queue-receipts.ts";
import { type MessageEvent, recordEvents } from "#server/domain/messages/record-events.ts";
import type { InTx } from "#server/kernel/context.ts";

/** The channel on which the workers that drive connectors listen; the payload is the connector's id. */
export const sendQueueChannel = "send_queue";

const lanes = { otp: 0, transactional: 1, bulk: 2 } as const;
/** A one-time code is worthless soon; other messages may wait a day for a carrier. */
const validityMinutes = { otp: 10, transactional: 24 * 60, bulk: 24 * 60 } as const;

export async function writeBatch(ctx: InTx, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  const now = ctx.clock.now();
  // As text: the driver takes an array of Dates or booleans for a single one.
  const validUntil = lines.map(({ item }) => validityEnd(item, now).toISOString());
  // One connection: the statements are sent one after the other without waiting, and run in this order.
  await Promise.all([
    insertMessages(ctx, lines, validUntil, now),
    insertQueue(ctx, lines, validUntil, now),
    recordEvents(
      ctx,
      lines.flatMap((line) => eventsOf(line, now)),
    ),
    countChanges(
      ctx,
      lines.map((line) => ({ ...dimensions(line), ...counters(line), acceptedAt: now })),
    ),
    notifyWorkers(
      ctx,
      lines.filter((line) => !line.review).map((line) => line.connectorId),
    ),
  ]);
}

/** Wakes the workers of these connectors when the transaction commits. */
export async function notifyWorkers(ctx: InTx, connectorIds: readonly string[]): Promise<void> {
  const distinct = [...new Set(connectorIds)];
  if (distinct.length === 0) return;
  await ctx.tx.sql`select pg_notify(${sendQueueChannel}, id) from unnest(${distinct}::text[]) as c (id)`;
}

/** When it may go; a moment that has passed is now. */
const readyAt = ({ item: { sendAt } }: Line, now: Date): Date => (sendAt && sendAt > now ? sendAt : now);

function validityEnd(item: Line["item"], now: Date): Date {
  if (item.validUntil) return item.validUntil;
  const from = item.sendAt && item.sendAt > now ? item.sendAt : now;
  return new Date(from.getTime() + (item.validityMinutes ?? validityMinutes[item.class]) * 60_000);
}

const originOf = ({ submission: { ctx } }: Line): string | null =>
  ctx.actor.type === "apiKey" || ctx.actor.type === "bind" ? ctx.actor.id : null;

function wishOf({ item: { receipt } }: Line): number {
  if (receipt === "on_failure") return receiptWish.onFailure;
  return receipt === false ? receiptWish.never : receiptWish.always;
}

async function insertMessages(ctx: InTx, lines: readonly Line[], validUntil: string[], now: Date): Promise<void> {
  await ctx.tx.sql`
    insert into messages (id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
      encoding, parts, operator_id, connector_id, rate_id, status, charge_stage, source, origin_id, receipt, reference,
      wire, valid_until, created_at)
    select id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
      encoding, parts, operator_id, connector_id, rate_id, status, ${chargeStage.held}::smallint, source, origin_id,
      receipt, reference, wire::jsonb, valid_until, ${now}::timestamptz
    from unnest(${lines.map((l) => l.item.id)}::uuid[], ${lines.map((l) => l.tenant.id)}::uuid[],
      ${lines.map((l) => l.submission.batchId)}::uuid[], ${lines.map((l) => l.submission.input.campaignId ?? null)}::uuid[],
      ${lines.map((l) => l.senderId)}::uuid[], ${lines.map((l) => l.senderName)}::text[],
      ${lines.map((l) => l.msisdn)}::text[], ${lines.map((l) => l.item.text)}::text[],
      ${lines.map((l) => l.item.class)}::text[], ${lines.map((l) => l.segments.encoding)}::text[],
      ${lines.map((l) => l.segments.parts)}::smallint[], ${lines.map((l) => l.operatorId)}::text[],
      ${lines.map((l) => l.connectorId)}::uuid[], ${lines.map((l) => l.rateId)}::uuid[],
      ${lines.map((l) => (l.review ? "review" : "queued"))}::text[], ${lines.map((l) => l.submission.input.source)}::text[],
      ${lines.map((l) => originOf(l))}::uuid[], ${lines.map((l) => wishOf(l))}::smallint[],
      ${lines.map((l) => l.item.reference ?? null)}::text[],
      ${lines.map((l) => (l.item.wire ? JSON.stringify(l.item.wire) : null))}::text[], ${validUntil}::timestamptz[])
      as l (id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
        encoding, parts, operator_id, connector_id, rate_id, status, source, origin_id, receipt, reference,
        wire, valid_until)`;
}

async function insertQueue(ctx: InTx, lines: readonly Line[], validUntil: string[], now: Date): Promise<void> {
  await ctx.tx.sql`
    insert into send_queue (message_id, connector_id, lane, tenant_id, campaign_id, is_held, ready_at, valid_until)
    select message_id, connector_id, lane, tenant_id, campaign_id, is_held::boolean, ready_at, valid_until
    from unnest(${lines.map((l) => l.item.id)}::uuid[], ${lines.map((l) => l.connectorId)}::uuid[],
      ${lines.map((l) => lanes[l.item.class])}::smallint[], ${lines.map((l) => l.tenant.id)}::uuid[],
      ${lines.map((l) => l.submission.input.campaignId ?? null)}::uuid[],
      ${lines.map((l) => String(l.review !== null))}::text[],
      ${lines.map((l) => readyAt(l, now).toISOString())}::timestamptz[], ${validUntil}::timestamptz[])
      as l (message_id, connector_id, lane, tenant_id, campaign_id, is_held, ready_at, valid_until)`;
}

function eventsOf(line: Line, at: Date): MessageEvent[] {
  const { submission, item, segments, operatorId, connectorId } = line;
  const common = { messageId: item.id, tenantId: line.tenant.id, at };
  const detail = {
    source: submission.input.source,
    actor: submission.ctx.actor.name,
    parts: segments.parts,
    encoding: segments.encoding,
    operatorId,
    connectorId,
    ...(item.receipt === undefined ? {} : { receipt: item.receipt }),
  };
  const accepted: MessageEvent = { ...common, kind: "accepted", detail };
  return line.review ? [accepted, { ...common, kind: "review", detail: {} }] : [accepted];
}

const dimensions = (line: Line) => ({
  tenantId: line.tenant.id,
  campaignId: line.submission.input.campaignId ?? null,
  senderId: line.senderId,
  operatorId: line.operatorId ?? "",
  trafficClass: line.item.class,
  rateId: line.rateId,
});

const counters = ({ segments: { parts } }: Line) => ({ acceptedCount: 1, acceptedParts: parts, heldParts: parts });
