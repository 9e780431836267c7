/** Writes what submit accepted: messages, their work in the queue, their timelines, the reports' counters. Set-based. */
import { booleanArray, intArray, momentArray, smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { type Dimensions, dayOf, Tally } from "#server/domain/messages/count.ts";
import type { Line } from "#server/domain/messages/line.ts";
import { receiptWish } from "#server/domain/messages/queue-receipts.ts";
import { type MessageEvent, recordEvents } from "#server/domain/messages/record-events.ts";
import type { InTx } from "#server/kernel/context.ts";

/** The channel on which the workers that drive connectors listen; the payload is the connector's id. */
export const sendQueueChannel = "send_queue";

const lanes = { otp: 0, transactional: 1, bulk: 2 } as const;
/** A one-time code is worthless soon; other messages may wait a day for a carrier. */
const validityMinutes = { otp: 10, transactional: 24 * 60, bulk: 24 * 60 } as const;

/** With the commit: whether it may be written was decided before. A known id fails it. */
export function writeBatch(ctx: InTx, lines: readonly Line[]): void {
  if (lines.length === 0) return;
  const now = ctx.clock.now();
  const tally = new Tally();
  let of: Dimensions | undefined;
  for (const line of lines) {
    // The same object for neighbours that are counted under the same: it need not be looked up then.
    const isSame = of?.rateId === line.rateId && of.senderId === line.senderId && of.campaignId === campaignOf(line);
    if (!of || !isSame) of = dimensions(line, now);
    tally.add(of, counters(line));
  }
  insertLines(ctx, lines, now);
  recordEvents(
    ctx,
    lines.filter((line) => line.review).map((line) => reviewEvent(line, now)),
  );
  tally.write(ctx);
  notifyWorkers(
    ctx,
    lines.filter((line) => !line.review).map((line) => line.connectorId),
  );
}

/** Wakes the workers of these connectors when the transaction commits. */
export function notifyWorkers(ctx: InTx, connectorIds: readonly string[]): void {
  const distinct = [...new Set(connectorIds)];
  if (distinct.length === 0) return;
  ctx.tx.atCommit(ctx.tx.sql`
    select pg_notify(${sendQueueChannel}, id) from unnest(${textArray(distinct)}::text[]) as c (id)`);
}

/** When it may go, in Unix milliseconds; a moment that has passed is now. */
const readyAtMs = ({ sendAt }: Line["item"], nowMs: number): number => Math.max(nowMs, sendAt?.getTime() ?? 0);

function validUntilMs(item: Line["item"], nowMs: number): number {
  if (item.validUntil) return item.validUntil.getTime();
  return readyAtMs(item, nowMs) + (item.validityMinutes ?? validityMinutes[item.class]) * 60_000;
}

type Group = {
  tenantId: string;
  campaignId: string | null;
  source: string;
  originId: string | null;
  senderId: string;
  senderName: string;
  trafficClass: keyof typeof lanes;
  encoding: string;
  operatorId: string;
  connectorId: string;
  rateId: string;
  isHeld: boolean;
  receipt: number;
  readyAt: Date;
  validUntil: Date;
};

/** Most lines of a batch are alike but for id, number and text: what they share is sent once, and each names it by place. */
function insertLines(ctx: InTx, lines: readonly Line[], now: Date): void {
  const { groups, places } = groupsOf(lines, now);
  const ids = (pick: (group: Group) => string | null) => uuidArray(groups.map(pick));
  const numbers = (pick: (group: Group) => number) => smallintArray(groups.map(pick));
  const text = (pick: (group: Group) => string) => textArray(groups.map(pick));
  const references = lines.some((l) => l.item.reference !== undefined)
    ? lines.map((l) => l.item.reference ?? null)
    : [];
  const wires = lines.some((l) => l.item.wire)
    ? lines.map((l) => (l.item.wire ? JSON.stringify(l.item.wire) : null))
    : [];
  ctx.tx.atCommit(ctx.tx.sql`
    with l as materialized (
      select * from unnest(${uuidArray(lines.map((l) => l.item.id))}::uuid[], ${intArray(places)}::int[],
        ${uuidArray(lines.map((l) => l.submission.batchId))}::uuid[], ${textArray(lines.map((l) => l.msisdn))}::text[],
        ${textArray(lines.map((l) => l.item.text))}::text[], ${smallintArray(lines.map((l) => l.segments.parts))}::smallint[],
        ${textArray(references)}::text[], ${textArray(wires)}::text[])
        as l (id, place, batch_id, msisdn, text, parts, reference, wire)
      join unnest(${ids((g) => g.tenantId)}::uuid[], ${ids((g) => g.campaignId)}::uuid[], ${text((g) => g.source)}::text[],
        ${ids((g) => g.originId)}::uuid[], ${ids((g) => g.senderId)}::uuid[], ${text((g) => g.senderName)}::text[],
        ${text((g) => g.trafficClass)}::text[], ${numbers((g) => lanes[g.trafficClass])}::smallint[],
        ${text((g) => g.encoding)}::text[], ${text((g) => g.operatorId)}::text[], ${ids((g) => g.connectorId)}::uuid[],
        ${ids((g) => g.rateId)}::uuid[], ${booleanArray(groups.map((g) => g.isHeld))}::boolean[], ${numbers((g) => g.receipt)}::smallint[],
        ${momentArray(groups.map((g) => g.readyAt))}::timestamptz[], ${momentArray(groups.map((g) => g.validUntil))}::timestamptz[])
        with ordinality as g (tenant_id, campaign_id, source, origin_id, sender_id, sender, traffic_class, lane, encoding,
          operator_id, connector_id, rate_id, is_held, receipt, ready_at, valid_until, place) using (place)
    ), written as (
      insert into messages (id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
        encoding, parts, operator_id, connector_id, rate_id, status, charge_stage, source, origin_id, receipt, reference,
        wire, valid_until, created_at)
      select id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
        encoding, parts, operator_id, connector_id, rate_id, case when is_held then 'review' else 'queued' end,
        ${chargeStage.held}::smallint, source, origin_id, receipt, reference, wire::jsonb, valid_until,
        ${now}::timestamptz
      from l
    )
    insert into send_queue (message_id, connector_id, lane, tenant_id, campaign_id, is_held, ready_at, valid_until)
    select id, connector_id, lane, tenant_id, campaign_id, is_held, ready_at, valid_until from l`);
}

type Placed = { place: number; group: Group; readyMs: number; validMs: number };
type Likeness = { line: Line; originId: string | null; receipt: number; readyMs: number; validMs: number };

function isSame(placed: Placed, { line, originId, receipt, readyMs, validMs }: Likeness): boolean {
  const { group } = placed;
  return (
    group.rateId === line.rateId &&
    group.senderId === line.senderId &&
    group.senderName === line.senderName &&
    group.connectorId === line.connectorId &&
    group.operatorId === (line.operatorId ?? "") &&
    group.originId === originId &&
    group.campaignId === campaignOf(line) &&
    group.source === line.submission.input.source &&
    group.trafficClass === line.item.class &&
    group.encoding === line.segments.encoding &&
    group.isHeld === (line.review !== null) &&
    group.receipt === receipt &&
    placed.readyMs === readyMs &&
    placed.validMs === validMs
  );
}

/** Groups, and by line the place of its group, counted from one. */
function groupsOf(lines: readonly Line[], now: Date): { groups: Group[]; places: number[] } {
  const groups = new Map<string, Placed>();
  let last: Placed | undefined;
  const nowMs = now.getTime();
  const places = lines.map((line) => {
    const { submission, item, segments } = line;
    const { source, campaignId = null } = submission.input;
    const originId = originOf(line);
    const receipt = wishOf(line);
    const readyMs = readyAtMs(item, nowMs);
    const validMs = validUntilMs(item, nowMs);
    // Neighbours are mostly alike.
    if (last && isSame(last, { line, originId, receipt, readyMs, validMs })) return last.place;
    const key = `${line.rateId}${line.senderId}${line.connectorId}${originId}${campaignId}${source} ${line.operatorId} ${item.class} ${segments.encoding} ${receipt} ${readyMs} ${validMs} ${line.review === null} ${line.senderName}`;
    last = groups.get(key);
    if (last) return last.place;
    const group: Group = {
      tenantId: line.tenant.id,
      campaignId,
      source,
      originId,
      senderId: line.senderId,
      senderName: line.senderName,
      trafficClass: item.class,
      encoding: segments.encoding,
      operatorId: line.operatorId ?? "",
      connectorId: line.connectorId,
      rateId: line.rateId,
      isHeld: line.review !== null,
      receipt,
      readyAt: new Date(readyMs),
      validUntil: new Date(validMs),
    };
    last = { place: groups.size + 1, group, readyMs, validMs };
    groups.set(key, last);
    return last.place;
  });
  return { groups: [...groups.values()].map(({ group }) => group), places };
}

/** Jobs have names, not ids: their messages belong to a campaign. */
const originOf = ({ submission: { ctx } }: Line): string | null => (ctx.actor.type === "job" ? null : ctx.actor.id);

function wishOf({ item: { receipt } }: Line): number {
  if (receipt === "on_failure") return receiptWish.onFailure;
  return receipt === false ? receiptWish.never : receiptWish.always;
}

/** Acceptance itself needs no event: the message's own row tells it. */
const reviewEvent = ({ item, tenant }: Line, at: Date): MessageEvent => ({
  messageId: item.id,
  tenantId: tenant.id,
  at,
  kind: "review",
  detail: {},
});

const campaignOf = ({ submission }: Line): string | null => submission.input.campaignId ?? null;

const dimensions = (line: Line, now: Date): Dimensions => ({
  acceptedDay: dayOf(now),
  tenantId: line.tenant.id,
  campaignId: campaignOf(line),
  senderId: line.senderId,
  operatorId: line.operatorId ?? "",
  trafficClass: line.item.class,
  rateId: line.rateId,
});

const counters = ({ segments: { parts } }: Line) => ({ acceptedCount: 1, acceptedParts: parts, heldParts: parts });
