/** Brings matched receipts to their parts, and a message to its end when all of its parts have theirs. */
import { textArray, uuidArray } from "#db/arrays.ts";
import type { Reference } from "#server/domain/delivery/match-references.ts";
import { type PartOutcome, unknownOwner, wholeMessage } from "#server/domain/delivery/work.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import type { LockedMessage } from "#server/domain/messages/lock-messages.ts";
import { applyTransitions, type Transition } from "#server/domain/messages/transition.ts";
import type { InTx } from "#server/kernel/context.ts";

export type MatchedReceipt = Omit<Reference, "msisdn"> & {
  /** Null: on its way. */
  outcome: PartOutcome | null;
  errorCode: string | null;
  at: Date;
  /** `resolved` when it ended an unknown fate. */
  kind: "receipt" | "resolved";
  detail: Record<string, unknown>;
};

type PartRow = { messageId: string; carrierId: string; partNumber: number; outcome: PartOutcome | null };
type MessageRow = { id: string; status: MessageStatus; parts: number };

/**
 * Only forward, and a receipt that comes twice leaves no second trace: a message of one part has its first final receipt
 * as its status, a part of several keeps it beside its carrier's id.
 * @param locked messages that the caller has locked; the others are locked here
 */
export async function applyReceipts(
  ctx: InTx,
  receipts: readonly MatchedReceipt[],
  locked?: Map<string, LockedMessage>,
): Promise<void> {
  const whole = receipts.filter((receipt) => receipt.parts === 1);
  const { transitions, ended } = await endLong(
    ctx,
    receipts.filter((receipt) => receipt.parts > 1),
  );
  for (const receipt of whole) {
    transitions.push(transitionOf(receipt, receipt.outcome ?? receipt.status));
    if (receipt.outcome && receipt.status !== "sent") ended.push(receipt.messageId);
  }
  await dropFromQueue(ctx, ended);
  await applyTransitions(ctx, transitions, locked);
}

/** Messages of several parts: what their receipts make of them, and which of them end while they are in the queue. */
async function endLong(ctx: InTx, receipts: readonly MatchedReceipt[]) {
  const transitions: Transition[] = [];
  const ended: string[] = [];
  const fresh = receipts.length > 0 ? await writeOutcomes(ctx, receipts) : [];
  if (fresh.length === 0) return { transitions, ended };
  const ids = [...new Set(fresh.map((receipt) => receipt.messageId))].sort();
  const messages = await lockMessages(ctx, ids);
  const parts = await loadParts(ctx, ids);
  for (const receipt of fresh) {
    const message = messages.get(receipt.messageId);
    if (!message) continue;
    const end = endOf(message, parts.get(message.id) ?? []);
    transitions.push(transitionOf(receipt, end ?? message.status));
    if (end && message.status !== "sent") ended.push(message.id);
  }
  return { transitions, ended };
}

/** The receipts that say something new. */
async function writeOutcomes(ctx: InTx, receipts: readonly MatchedReceipt[]): Promise<MatchedReceipt[]> {
  const final = receipts.filter((receipt) => receipt.outcome !== null);
  const ids = final.map((receipt) => receipt.messageId).sort();
  const key = (r: { messageId: string; carrierId: string }) => `${r.messageId} ${r.carrierId}`;
  const rows = final.length
    ? await ctx.tx.sql<{ messageId: string; carrierId: string }[]>`
        update carrier_refs r set outcome = u.outcome, error_code = u.error_code
        from (select distinct on (message_id, carrier_id) * from unnest(${uuidArray(final.map((r) => r.messageId))}::uuid[],
          ${textArray(final.map((r) => r.carrierId))}::text[], ${textArray(final.map((r) => r.outcome))}::text[],
          ${textArray(final.map((r) => r.errorCode))}::text[]) with ordinality
          as u (message_id, carrier_id, outcome, error_code, place) order by message_id, carrier_id, place) u
        where r.message_id = u.message_id and r.carrier_id = u.carrier_id and r.outcome is null
          and r.message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
        returning r.message_id as "messageId", r.carrier_id as "carrierId"`
    : [];
  const written = new Set(rows.map(key));
  return receipts.filter((receipt) => receipt.outcome === null || written.delete(key(receipt)));
}

/**
 * Locked, in id order, before the parts are read: of two transactions that each bring one part's receipt, the second one
 * sees the first one's. Otherwise both would find the other part still open, and nobody would end the message.
 */
async function lockMessages(ctx: InTx, ids: string[]): Promise<Map<string, MessageRow>> {
  const rows = await ctx.tx.sql<MessageRow[]>`
    select id, status, parts from messages
    where id = any(${uuidArray(ids)}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    order by id for update`;
  return new Map(rows.map((row) => [row.id, row]));
}

async function loadParts(ctx: InTx, ids: string[]): Promise<Map<string, PartRow[]>> {
  const byMessage = new Map<string, PartRow[]>();
  const rows = await ctx.tx.sql<PartRow[]>`
    select message_id as "messageId", carrier_id as "carrierId", part_number as "partNumber", outcome
    from carrier_refs
    where message_id = any(${uuidArray(ids)}::uuid[]) and message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  for (const row of rows) byMessage.set(row.messageId, [...(byMessage.get(row.messageId) ?? []), row]);
  return byMessage;
}

/**
 * All parts delivered: delivered. A part that failed for good (and no second copy of it is on its way): the handset
 * cannot show the whole, so the message failed as that part did.
 */
function endOf(message: MessageRow, rows: readonly PartRow[]): PartOutcome | null {
  const ofAll = rows.filter((row) => row.partNumber === wholeMessage);
  if (ofAll.some((row) => row.outcome === "delivered")) return "delivered";
  if (ofAll.length > 0 && ofAll.every((row) => row.outcome !== null)) return ofAll[0]?.outcome ?? null;
  let delivered = 0;
  for (let partNumber = 1; partNumber <= message.parts; partNumber += 1) {
    const copies = rows.filter((row) => row.partNumber === partNumber);
    if (copies.some((row) => row.outcome === "delivered")) delivered += 1;
    else if (copies.length > 0 && copies.every((row) => row.outcome !== null)) return copies[0]?.outcome ?? null;
  }
  return delivered === message.parts ? "delivered" : null;
}

function transitionOf(receipt: MatchedReceipt, status: MessageStatus): Transition {
  const { messageId, errorCode, at, kind, partNumber, detail } = receipt;
  return {
    messageId,
    status,
    doneAt: at,
    errorCode: errorCode ?? undefined,
    event: { kind, at, partNumber, detail },
  };
}

/** Waiting to be sent again, or unknown: the receipt says that the carrier had it after all. */
async function dropFromQueue(ctx: InTx, messageIds: string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await ctx.tx.sql`
    delete from send_queue where message_id = any(${uuidArray(messageIds)}::uuid[])
      and (lease_owner is null or lease_owner = ${unknownOwner})`;
}
