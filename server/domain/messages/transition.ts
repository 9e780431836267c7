/** The only writer of a message's status and charge stage after its insertion: locks, moves forward, settles, counts. */

import { settleBatch } from "#server/domain/ledger/settle.ts";
import type { ChargeStage } from "#server/domain/ledger/stage.ts";
import { type CountChange, countChanges } from "#server/domain/messages/count.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { advance, countersOf, isFinal, type Standing } from "#server/domain/messages/lifecycle.ts";
import { queueReceipts } from "#server/domain/messages/queue-receipts.ts";
import { type EventKind, type MessageEvent, recordEvents } from "#server/domain/messages/record-events.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

export type Transition = {
  messageId: string;
  status: MessageStatus;
  /** Follows from the status when left out. */
  stage?: ChargeStage;
  errorCode?: string;
  /** When the carrier accepted it; the clock's time when left out and the message becomes carried. */
  sentAt?: Date;
  /** When it ended; the clock's time when left out. */
  doneAt?: Date;
  possibleDuplicate?: boolean;
  event?: { kind: EventKind; at?: Date; partNumber?: number; detail: Record<string, unknown> };
};
export type TransitionResult = { messageId: string; changed: boolean };

type MessageRow = {
  id: string;
  tenantId: string;
  campaignId: string | null;
  senderId: string;
  operatorId: string;
  trafficClass: string;
  rateId: string;
  parts: number;
  status: MessageStatus;
  stage: ChargeStage;
  errorCode: string | null;
  possibleDuplicate: boolean;
  sentAt: Date | null;
  doneAt: Date | null;
  createdAt: Date;
  source: string;
  originId: string | null;
  receipt: number;
};

/**
 * Applies them in the order given, in the caller's transaction (banyan_system). Rows are locked in id order, so two
 * batches never wait for each other in a ring. A move that goes back, or on from a final status, is skipped and
 * reported as unchanged. The event of a skipped move is dropped, but an event that leaves an unfinished message where
 * it stands (a receipt of one part of several) is kept. An id that is not there is unchanged as well.
 */
export async function applyTransitions(ctx: InTx, transitions: readonly Transition[]): Promise<TransitionResult[]> {
  if (transitions.length === 0) return [];
  const rows = await lockMessages(
    ctx,
    transitions.map((t) => t.messageId),
  );
  const before = new Map([...rows.values()].map((row) => [row.id, { status: row.status, stage: row.stage }]));
  const touched = new Set<MessageRow>();
  const counts: CountChange[] = [];
  const events: MessageEvent[] = [];
  const results = transitions.map((transition): TransitionResult => {
    const row = rows.get(transition.messageId);
    if (!row) return { messageId: transition.messageId, changed: false };
    const after = advance(row, transition.status, transition.stage);
    const stays = !after && row.status === transition.status && !isFinal(row.status);
    if ((after || stays) && transition.event) events.push(eventOf(ctx, row, transition.event));
    if (!after) return { messageId: row.id, changed: false };
    counts.push({ ...row, acceptedAt: row.createdAt, ...countersOf(row, after, row.parts) });
    apply(ctx, row, after, transition);
    touched.add(row);
    return { messageId: row.id, changed: true };
  });
  await writeRows(ctx, [...touched]);
  await settleBatch(ctx, { batchId: newId(), moves: movesOf(before, touched) });
  await countChanges(ctx, counts);
  await recordEvents(ctx, events);
  await queueReceipts(
    ctx,
    [...touched].filter((row) => isFinal(row.status)),
  );
  return results;
}

/** Id bounds stand beside the list so that other days' partitions are not opened. */
async function lockMessages(ctx: InTx, messageIds: readonly string[]): Promise<Map<string, MessageRow>> {
  const ids = [...new Set(messageIds)].sort();
  const rows = await ctx.tx.sql<MessageRow[]>`
    select id, tenant_id as "tenantId", campaign_id as "campaignId", sender_id as "senderId",
      operator_id as "operatorId", traffic_class as "trafficClass", rate_id as "rateId", parts, status,
      charge_stage as stage, error_code as "errorCode", possible_duplicate as "possibleDuplicate",
      sent_at as "sentAt", done_at as "doneAt", created_at as "createdAt", source, origin_id as "originId", receipt
    from messages
    where id = any(${ids}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    order by id for update`;
  return new Map(rows.map((row) => [row.id, row]));
}

function apply(ctx: InTx, row: MessageRow, after: Standing, transition: Transition): void {
  if (transition.sentAt) row.sentAt = transition.sentAt;
  else if (after.status === "sent") row.sentAt ??= ctx.clock.now();
  if (isFinal(after.status)) row.doneAt = transition.doneAt ?? ctx.clock.now();
  row.errorCode = transition.errorCode ?? (after.status === "delivered" ? null : row.errorCode);
  row.possibleDuplicate ||= transition.possibleDuplicate ?? false;
  row.status = after.status;
  row.stage = after.stage;
}

function eventOf(ctx: InTx, row: MessageRow, event: NonNullable<Transition["event"]>): MessageEvent {
  return { ...event, messageId: row.id, tenantId: row.tenantId, at: event.at ?? ctx.clock.now() };
}

/** The net move of each message's money, summed per rate: several moves of one message in one call settle once. */
function movesOf(before: ReadonlyMap<string, Standing>, touched: ReadonlySet<MessageRow>) {
  const moves = new Map<string, { rateId: string; parts: number; from: ChargeStage; to: ChargeStage }>();
  for (const row of touched) {
    const from = before.get(row.id)?.stage ?? row.stage;
    if (from === row.stage) continue;
    const key = `${row.rateId} ${from} ${row.stage}`;
    const move = moves.get(key);
    if (move) move.parts += row.parts;
    else moves.set(key, { rateId: row.rateId, parts: row.parts, from, to: row.stage });
  }
  return [...moves.values()];
}

async function writeRows(ctx: InTx, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id).sort();
  // Moments and flags go as text: the driver takes an array of Dates or booleans for a single one.
  await ctx.tx.sql`
    update messages m
    set status = u.status, charge_stage = u.stage, error_code = u.error_code,
      possible_duplicate = u.possible_duplicate::boolean, sent_at = u.sent_at, done_at = u.done_at
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.status)}::text[],
      ${rows.map((r) => r.stage)}::smallint[], ${rows.map((r) => r.errorCode)}::text[],
      ${rows.map((r) => String(r.possibleDuplicate))}::text[], ${rows.map((r) => r.sentAt?.toISOString() ?? null)}::timestamptz[],
      ${rows.map((r) => r.doneAt?.toISOString() ?? null)}::timestamptz[])
      as u (id, status, stage, error_code, possible_duplicate, sent_at, done_at)
    where m.id = u.id and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
}
