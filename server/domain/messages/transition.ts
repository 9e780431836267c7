/** The only writer of a message's status and charge stage after its insertion: locks, moves forward, settles, counts. */

import { booleanArray, intArray, momentArray, smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import { type Move, settleBatch } from "#server/domain/ledger/settle.ts";
import type { ChargeStage } from "#server/domain/ledger/stage.ts";
import { type Counters, Tally } from "#server/domain/messages/count.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { advance, countersOf, isFinal, type Standing } from "#server/domain/messages/lifecycle.ts";
import { type LockedMessage, lockMessages } from "#server/domain/messages/lock-messages.ts";
import { type ChangedMessage, isTold, queueReceipts } from "#server/domain/messages/queue-receipts.ts";
import { type EventKind, type MessageEvent, recordEvents } from "#server/domain/messages/record-events.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { together } from "#server/kernel/together.ts";

export type Transition = {
  messageId: string;
  status: MessageStatus;
  /** Follows from the status when left out. */
  stage?: ChargeStage;
  errorCode?: string | undefined;
  /** When the carrier accepted it; the clock's time when left out and the message becomes carried. */
  sentAt?: Date;
  /** When it ended; the clock's time when left out. */
  doneAt?: Date;
  possibleDuplicate?: boolean;
  /** It was with a worker and comes back to the queue: `queued` may follow on `queued`. */
  isReturn?: boolean;
  event?: { kind: EventKind; at?: Date; partNumber?: number; detail: Record<string, unknown> };
};
export type TransitionResult = { messageId: string; changed: boolean };

const noMessages: ReadonlyMap<string, LockedMessage> = new Map();

/** A locked row, and what is to be written to it. What is undefined stays as it is. */
type Touched = {
  row: LockedMessage;
  before: Standing;
  errorCode: string | null | undefined;
  possibleDuplicate: boolean;
  sentAt: Date | undefined;
  doneAt: Date | undefined;
};

/**
 * Applies them in the order given, in the caller's transaction (banyan_system). A move that goes back, or on from a final
 * status, is skipped and reported as unchanged. The event of a skipped move is dropped, but an event that leaves an
 * unfinished message where it stands (a receipt of one part of several) is kept. An id that is not there is unchanged as
 * well.
 * @param known those of the messages that the caller has locked, by lockMessages or as it does
 */
export async function applyTransitions(
  ctx: InTx,
  transitions: readonly Transition[],
  known: ReadonlyMap<string, LockedMessage> = noMessages,
): Promise<TransitionResult[]> {
  if (transitions.length === 0) return [];
  const others = transitions.map((t) => t.messageId).filter((id) => !known.has(id));
  const locked = others.length > 0 ? await lockMessages(ctx, others) : noMessages;
  const rows = locked.size === 0 ? known : new Map([...known, ...locked]);
  const { results, write } = planTransitions(ctx, rows, transitions);
  await write();
  return results;
}

/**
 * The same for messages that the caller has locked: what becomes of them is known at once, and what is written may be
 * sent together with what follows from it.
 * @param rows of lockMessages; they say afterwards what is written. One that is missing is as an id that is not there
 */
export function planTransitions(
  ctx: InTx,
  rows: ReadonlyMap<string, LockedMessage>,
  transitions: readonly Transition[],
): { results: TransitionResult[]; write(): Promise<void> } {
  const touched = new Map<string, Touched>();
  const tally = new Tally();
  const events: MessageEvent[] = [];
  let step: Step | undefined;
  const results = transitions.map((transition): TransitionResult => {
    const { messageId, status, event } = transition;
    const row = rows.get(messageId);
    if (!row) return { messageId, changed: false };
    if (!step || !isSameStep(step, row, transition)) step = stepOf(row, transition);
    const { before, after } = step;
    const stays = !after && row.status === status && !isFinal(row.status);
    if (event && (after || stays)) events.push(eventOf(ctx, row, event));
    if (!after) return { messageId, changed: false };
    tally.add(row.dimensions, step.counters);
    touched.set(messageId, apply(ctx, touched.get(messageId) ?? untouched(row, before), after, transition));
    return { messageId, changed: true };
  });
  const changes = [...touched.values()];
  const write = async () => {
    tally.write(ctx);
    recordEvents(ctx, events);
    await together([
      writeRows(ctx, changes),
      queueReceipts(ctx, toldOf(changes)),
      settleBatch(ctx, { batchId: newId(), moves: movesOf(changes) }),
    ]);
  };
  return { results, write };
}

/** Most messages of a batch go the same way: it is looked up once for neighbours that do. */
type Step = { before: Standing; parts: number; wish: Transition; after: Standing | null; counters: Counters };

function stepOf({ status, stage, parts }: LockedMessage, wish: Transition): Step {
  const before = { status, stage };
  const after = advance(before, wish);
  return { before, parts, wish, after, counters: after ? countersOf(before, after, parts) : {} };
}

const isSameStep = ({ before, parts, wish }: Step, row: LockedMessage, transition: Transition): boolean =>
  before.status === row.status &&
  before.stage === row.stage &&
  parts === row.parts &&
  wish.status === transition.status &&
  wish.stage === transition.stage &&
  wish.isReturn === transition.isReturn;

const untouched = (row: LockedMessage, before: Standing): Touched => ({
  row,
  before,
  errorCode: undefined,
  possibleDuplicate: false,
  sentAt: undefined,
  doneAt: undefined,
});

function apply(ctx: InTx, change: Touched, after: Standing, transition: Transition): Touched {
  const { row } = change;
  if (transition.sentAt) change.sentAt = transition.sentAt;
  else if (after.status === "sent") change.sentAt ??= ctx.clock.now();
  if (isFinal(after.status)) change.doneAt = transition.doneAt ?? ctx.clock.now();
  if (transition.errorCode !== undefined) change.errorCode = transition.errorCode;
  else if (after.status === "delivered") change.errorCode = null;
  change.possibleDuplicate ||= transition.possibleDuplicate ?? false;
  row.status = after.status;
  row.stage = after.stage;
  return change;
}

function eventOf(ctx: InTx, row: LockedMessage, event: NonNullable<Transition["event"]>): MessageEvent {
  const { kind, at = ctx.clock.now(), partNumber, detail } = event;
  return { messageId: row.id, tenantId: row.tenantId, at, kind, partNumber, detail };
}

/** The net move of each message's money, summed per rate: several moves of one message in one call settle once. */
function movesOf(changes: readonly Touched[]): Move[] {
  const moves = new Map<string, Move>();
  let last: Move | undefined;
  for (const { row, before } of changes) {
    const { rateId, parts, stage: to } = row;
    const { stage: from } = before;
    if (from === to) continue;
    // Neighbours mostly move alike.
    if (last?.rateId !== rateId || last.from !== from || last.to !== to) {
      const key = `${rateId} ${from} ${to}`;
      last = moves.get(key) ?? { rateId, parts: 0, from, to };
      moves.set(key, last);
    }
    last.parts += parts;
  }
  return [...moves.values()];
}

function toldOf(changes: readonly Touched[]): ChangedMessage[] {
  const told: ChangedMessage[] = [];
  for (const { row, errorCode = null, sentAt, doneAt } of changes) {
    const { id, tenantId, source, originId, receipt, status } = row;
    if (!isTold(receipt, status)) continue;
    const at = (status === "sent" ? sentAt : doneAt) ?? null;
    told.push({ id, tenantId, source, originId, status, errorCode, at });
  }
  return told;
}

type Target = { status: string; stage: number; errorCode: string | null; keepsError: boolean; isDuplicate: boolean };

type Place = { place: number; target: Target };

/** Most rows of a batch become the same: what they become is sent once, and each row names it by its place. */
async function writeRows(ctx: InTx, changes: readonly Touched[]): Promise<void> {
  if (changes.length === 0) return;
  const ids = changes.map(({ row }) => row.id).sort();
  const targets = new Map<string, Place>();
  let last: Place | undefined;
  const places = changes.map(({ row: { status, stage }, errorCode, possibleDuplicate: isDuplicate }) => {
    const keepsError = errorCode === undefined;
    const isSame =
      last?.target.status === status &&
      last.target.stage === stage &&
      last.target.isDuplicate === isDuplicate &&
      last.target.keepsError === keepsError &&
      last.target.errorCode === (errorCode ?? null);
    if (last && isSame) return last.place;
    const key = `${status} ${stage} ${isDuplicate} ${errorCode === undefined ? "" : `${errorCode === null} ${errorCode}`}`;
    let known = targets.get(key);
    if (!known) {
      const target = { status, stage, errorCode: errorCode ?? null, keepsError, isDuplicate };
      known = { place: targets.size + 1, target };
      targets.set(key, known);
    }
    last = known;
    return known.place;
  });
  const to = [...targets.values()].map(({ target }) => target);
  await ctx.tx.sql`
    update messages m
    set status = t.status, charge_stage = t.stage,
      error_code = case when t.keeps_error then m.error_code else t.error_code end,
      possible_duplicate = m.possible_duplicate or t.is_duplicate,
      sent_at = coalesce(u.sent_at, m.sent_at), done_at = coalesce(u.done_at, m.done_at)
    from unnest(${uuidArray(changes.map(({ row }) => row.id))}::uuid[], ${intArray(places)}::int[],
      ${momentArray(changes.map(({ sentAt }) => sentAt ?? null))}::timestamptz[],
      ${momentArray(changes.map(({ doneAt }) => doneAt ?? null))}::timestamptz[])
      as u (id, place, sent_at, done_at)
    join unnest(${textArray(to.map((t) => t.status))}::text[], ${smallintArray(to.map((t) => t.stage))}::smallint[],
      ${textArray(to.map((t) => t.errorCode))}::text[], ${booleanArray(to.map((t) => t.keepsError))}::boolean[],
      ${booleanArray(to.map((t) => t.isDuplicate))}::boolean[])
      with ordinality as t (status, stage, error_code, keeps_error, is_duplicate, place) using (place)
    where m.id = u.id and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
}
