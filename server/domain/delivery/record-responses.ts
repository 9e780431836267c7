/** Writes what carriers answered to submits: accepted, refused, throttled – and what nobody knows. */
import { momentArray, smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { applyByReference, loadParkedOf } from "#server/domain/delivery/apply-parked.ts";
import { accountParking } from "#server/domain/delivery/carrier-account.ts";
import { type ConnectorPolicy, connectorPolicy } from "#server/domain/delivery/connector-policy.ts";
import {
  afterFailureMs,
  afterLoss,
  afterThrottleMs,
  carryOut,
  type FollowUp,
  lockQueue,
  moveTo,
  type QueueRow,
} from "#server/domain/delivery/follow-up.ts";
import { nextRoutes } from "#server/domain/delivery/next-routes.ts";
import { type Polling, startPolls } from "#server/domain/delivery/receipt-polls.ts";
import { type MessageResult, type PartResult, unknownOwner, wholeMessage } from "#server/domain/delivery/work.ts";
import { normaliseCarrierId } from "#server/domain/messages/carrier-id.ts";
import { type LockedMessage, lockMessages } from "#server/domain/messages/lock-messages.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { together } from "#server/kernel/together.ts";

export type RecordResponses = {
  connectorId: string;
  /** The worker that sent them. */
  owner: string;
  results: MessageResult[];
  /** Of partners that are to be asked for their receipts. */
  polling?: Polling;
};

type Attempt = {
  message: LockedMessage;
  /** Of one in several parts: those that the carrier has, this answer's included. */
  partsTaken: readonly number[];
  row: QueueRow | undefined;
  result: MessageResult;
  /** The connector that it may move to, when this one refused it for a while. */
  next: string | undefined;
};

/**
 * Safe to repeat: references are written once, statuses only move forward, and an answer to an earlier claim does not
 * touch a later one. Answers that come after their deadline settle the message that was unknown meanwhile.
 */
export async function recordResponses(ctx: Context, input: RecordResponses): Promise<void> {
  allowWorker(ctx);
  if (input.results.length === 0) return;
  await retryOnCollision((attempt) =>
    asSystem(ctx, async (ctx) => {
      const ids = [...new Set(input.results.map((result) => result.messageId))].sort();
      // The queue's rows are locked before the messages: the order of claim.
      const { connectorId, polling, results } = input;
      const [policy, parking, queue, messages] = await together([
        connectorPolicy(ctx, connectorId),
        accountParking(ctx, connectorId),
        lockQueue(ctx, ids),
        lockMessages(ctx, ids),
      ]);
      const references = referencesOf(results, messages);
      const [partsTaken, routes] = await together([
        loadPartsTaken(ctx, messages, references),
        nextRoutes(ctx, { connectorId, messageIds: refusedForHere(results) }),
      ]);
      const followUps: FollowUp[] = [];
      for (const result of results) {
        const message = messages.get(result.messageId);
        if (!message) continue;
        const { id } = message;
        const row = queue.get(id);
        const attempt = { message, partsTaken: partsTaken.get(id) ?? none, row, result, next: routes.get(id) };
        const followUp = decide(ctx, policy, input, attempt);
        if (followUp) followUps.push(followUp);
      }
      const [, parked] = await together([
        writeReferences(ctx, connectorId, references, attempt > 1),
        loadParkedOf(
          ctx,
          parking,
          references.map(({ carrierId }) => carrierId),
        ),
        polling ? startPolls(ctx, connectorId, polling, results) : undefined,
        carryOut(ctx, followUps, messages),
      ]);
      await applyByReference(ctx, connectorId, parked);
    }),
  );
}

const none: readonly number[] = [];

/** Refused by a code that sends them over another route, with no part taken and none whose fate is open. */
function refusedForHere(results: readonly MessageResult[]): string[] {
  const refused = results.filter(({ parts }) => parts.some((p) => p.kind === "refused" && p.verdict === "failover"));
  if (refused.length === 0) return [];
  const isElsewhere = ({ parts }: MessageResult) =>
    parts.every((part) => part.kind === "refused" || part.kind === "unsent");
  const kept = new Set(results.filter((result) => !isElsewhere(result)).map(({ messageId }) => messageId));
  return refused.map(({ messageId }) => messageId).filter((id) => !kept.has(id));
}

type NewReference = { messageId: string; tenantId: string; carrierId: string; partNumber: number; at: Date };

function referencesOf(results: readonly MessageResult[], messages: ReadonlyMap<string, LockedMessage>): NewReference[] {
  const references: NewReference[] = [];
  for (const { messageId, parts, at } of results) {
    const message = messages.get(messageId);
    if (!message) continue;
    const { tenantId } = message;
    for (const part of parts) {
      if (part.kind !== "accepted") continue;
      const { partNumber } = part;
      references.push({ messageId, tenantId, at, partNumber, carrierId: normaliseCarrierId(part.carrierId) });
    }
  }
  return references;
}

/**
 * @param mayBeKnown some are, as a collision has told. To expect it of each row would cost a fifth more, and happens when
 * a batch is written again whose commit nobody heard of, or a carrier gives two parts one id.
 */
async function writeReferences(
  ctx: InTx,
  connectorId: string,
  references: readonly NewReference[],
  mayBeKnown: boolean,
): Promise<void> {
  if (references.length === 0) return;
  await ctx.tx.sql`
    insert into carrier_refs (message_id, carrier_id, connector_id, tenant_id, part_number, created_at)
    select message_id, carrier_id, ${connectorId}, tenant_id, part_number, at
    from unnest(${uuidArray(references.map((r) => r.messageId))}::uuid[],
      ${textArray(references.map((r) => r.carrierId))}::text[], ${uuidArray(references.map((r) => r.tenantId))}::uuid[],
      ${smallintArray(references.map((r) => r.partNumber))}::smallint[],
      ${momentArray(references.map((r) => r.at))}::timestamptz[])
      as r (message_id, carrier_id, tenant_id, part_number, at)
    ${mayBeKnown ? ctx.tx.sql`on conflict do nothing` : ctx.tx.sql``}`;
}

/** By message, of those in several parts: what the carrier took before, and takes now. */
async function loadPartsTaken(
  ctx: InTx,
  messages: ReadonlyMap<string, LockedMessage>,
  references: readonly NewReference[],
): Promise<Map<string, number[]>> {
  const ids = [...messages.values()].filter(({ parts }) => parts > 1).map(({ id }) => id);
  const taken = new Map<string, number[]>();
  if (ids.length === 0) return taken;
  ids.sort();
  const rows = await ctx.tx.sql<{ messageId: string; partNumber: number }[]>`
    select message_id as "messageId", part_number as "partNumber" from carrier_refs
    where message_id = any(${uuidArray(ids)}::uuid[])
      and message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  for (const { messageId, partNumber } of [...rows, ...references])
    taken.set(messageId, [...(taken.get(messageId) ?? []), partNumber]);
  return taken;
}

/** The worst part decides: a message is sent when the carrier has all of it. Null: what is under way decides later. */
function decide(ctx: InTx, policy: ConnectorPolicy, input: RecordResponses, attempt: Attempt): FollowUp | null {
  const { message, row, result } = attempt;
  const { parts, at } = result;
  if (row && isOvertaken(row, result, input.owner)) return null;
  // Nearly all of them.
  if (message.parts === 1 && parts.length === 1 && isPlain(message, row, parts)) return sentPlainly(message.id, at);
  return weigh(ctx, policy, input, attempt);
}

/** Of those that are not simply taken. */
function weigh(
  ctx: InTx,
  policy: ConnectorPolicy,
  { connectorId }: RecordResponses,
  { message, partsTaken, row, result, next }: Attempt,
): FollowUp | null {
  const { parts, at } = result;
  const now = ctx.clock.now();
  const messageId = message.id;
  const attempts = row?.attempts ?? 0;
  const reason = parts.flatMap((part) => (part.kind === "refused" && part.reason ? [part.reason] : []))[0];
  const told = { connectorId, attempt: attempts + 1, claimedAt: result.leasedAt, parts: parts.map(describe) };
  const detail = reason ? { ...told, reason } : told;
  const refusal = (verdict: string) => parts.find((p) => p.kind === "refused" && p.verdict === verdict);
  const codeOf = (part: PartResult) => (part.kind === "refused" ? part.code : part.kind);
  const fail = (part: PartResult): FollowUp => {
    if (mayBeTaken(message, row)) return afterRefusal(messageId, at, detail);
    const event = { kind: "response", at, detail } as const;
    return { transition: { messageId, status: "failed", errorCode: codeOf(part), doneAt: at, event }, queue: "done" };
  };
  const retry = (waitMs: number, nextAttempts: number): FollowUp => ({
    transition: { messageId, status: "queued", isReturn: true, event: { kind: "retry", at, detail } },
    queue: "again",
    readyAt: new Date(now.getTime() + waitMs),
    attempts: nextAttempts,
  });

  const permanent = refusal("fail");
  if (permanent) return fail(permanent);
  const lost = parts.find((part) => part.kind === "lost");
  const base = row ?? { messageId, attempts: policy.maxAttempts, validUntil: now };
  if (lost) return afterLoss(policy, base, { ...detail, why: lost.why }, now);
  if (row && next !== undefined && refusal("failover")) {
    return moveTo({ messageId, at: now, connectorId, toConnectorId: next, detail });
  }
  const later = refusal("failover") ?? refusal("retry_later");
  const temporary = later ?? refusal("retry_now");
  if (temporary) {
    const waitMs = later ? afterFailureMs(attempts) : 0;
    return attempts + 1 >= policy.maxAttempts ? fail(temporary) : retry(waitMs, attempts + 1);
  }
  if (refusal("throttle")) return retry(afterThrottleMs(), attempts);
  if (parts.some((part) => part.kind === "unsent")) return retry(0, attempts);
  const taken = new Set([...partsTaken, ...parts.map((part) => part.partNumber)]);
  if (!taken.has(wholeMessage) && taken.size < message.parts) return null;
  if (isPlain(message, row, parts)) return sentPlainly(messageId, at);
  const event = { kind: "response", at, detail } as const;
  return { transition: { messageId, status: "sent", sentAt: at, event }, queue: "done" };
}

const sentPlainly = (messageId: string, at: Date): FollowUp => ({
  transition: { messageId, status: "sent", sentAt: at },
  queue: "done",
});

/** All taken, at the first attempt, in time: the message's own row and its references tell it, no event needs to. */
const isPlain = (
  { possibleDuplicate }: LockedMessage,
  row: QueueRow | undefined,
  parts: readonly PartResult[],
): boolean =>
  row !== undefined &&
  row.attempts === 0 &&
  row.leaseOwner !== unknownOwner &&
  !possibleDuplicate &&
  parts.every((part) => part.kind === "accepted");

/** It was sent before, and that answer was lost. An answer that comes late to the only attempt is that answer. */
const mayBeTaken = ({ possibleDuplicate }: LockedMessage, row: QueueRow | undefined): boolean =>
  possibleDuplicate && !(row && row.leaseOwner === null && row.attempts <= 1);

/** Refused when it was sent again: what the carrier made of the first attempt, only a receipt can say. */
const afterRefusal = (messageId: string, at: Date, detail: Record<string, unknown>): FollowUp => ({
  transition: {
    messageId,
    status: "unknown",
    event: { kind: "unknown", at, detail: { ...detail, why: "refused_again" } },
  },
  queue: "unknown",
});

/**
 * An answer to another claim than the row's: if the message is on the wire again, what is under way decides; if it
 * waits to be sent again, only an answer that ends it counts.
 */
function isOvertaken(row: QueueRow, { leasedAt, parts }: MessageResult, owner: string): boolean {
  if (row.leaseOwner === unknownOwner) return parts.some((part) => part.kind === "lost");
  if (row.leaseOwner !== null) return row.leaseOwner !== owner || row.leasedAt?.getTime() !== leasedAt.getTime();
  return !parts.every((p) => p.kind === "accepted" || (p.kind === "refused" && p.verdict === "fail"));
}

function describe(part: PartResult): Record<string, unknown> {
  const { partNumber } = part;
  if (part.kind === "accepted") return { partNumber, carrierId: part.carrierId };
  if (part.kind === "refused") return { partNumber, code: part.code };
  return { partNumber, [part.kind]: part.why };
}
