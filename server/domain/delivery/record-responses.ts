/** Writes what carriers answered to submits: accepted, refused, throttled – and what nobody knows. */
import { plainArray, textArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { applyParkedOf } from "#server/domain/delivery/apply-parked.ts";
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
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type RecordResponses = {
  connectorId: string;
  /** The worker that sent them. */
  owner: string;
  results: MessageResult[];
  /** Of partners that are to be asked for their receipts. */
  polling?: Polling;
};

type Message = { id: string; parts: number; partsTaken: number[]; possibleDuplicate: boolean };
type Attempt = {
  message: Message;
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
  await retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const ids = [...new Set(input.results.map((result) => result.messageId))].sort();
      const policy = await connectorPolicy(ctx, input.connectorId);
      const queue = await lockQueue(ctx, ids);
      const carrierIds = await writeReferences(ctx, input);
      if (input.polling) await startPolls(ctx, input.connectorId, input.polling, input.results);
      const messages = await loadMessages(ctx, ids);
      const routes = await nextRoutes(ctx, {
        connectorId: input.connectorId,
        messageIds: refusedForHere(input.results),
      });
      const followUps = input.results.flatMap((result) => {
        const message = messages.get(result.messageId);
        const row = queue.get(result.messageId);
        const followUp = message
          ? decide(ctx, policy, input, { message, row, result, next: routes.get(message.id) })
          : null;
        return followUp ? [followUp] : [];
      });
      await carryOut(ctx, followUps);
      await applyParkedOf(ctx, { connectorId: input.connectorId, carrierIds });
    }),
  );
}

/** Refused by a code that sends them over another route, with no part whose fate is open. */
const refusedForHere = (results: readonly MessageResult[]): string[] =>
  results
    .filter(({ parts }) => parts.some((part) => part.kind === "refused" && part.verdict === "failover"))
    .filter(({ parts }) => parts.every((part) => part.kind === "refused" || part.kind === "unsent"))
    .map(({ messageId }) => messageId);

async function writeReferences(ctx: InTx, { connectorId, results }: RecordResponses): Promise<string[]> {
  const refs = results.flatMap(({ messageId, parts, at }) =>
    parts.flatMap((part) =>
      part.kind === "accepted"
        ? [{ messageId, at, partNumber: part.partNumber, carrierId: normaliseCarrierId(part.carrierId) }]
        : [],
    ),
  );
  if (refs.length === 0) return [];
  const ids = refs.map((ref) => ref.messageId).sort();
  await ctx.tx.sql`
    insert into carrier_refs (message_id, carrier_id, connector_id, tenant_id, part_number, created_at)
    select r.message_id, r.carrier_id, ${connectorId}, m.tenant_id, r.part_number, r.at
    from unnest(${plainArray(refs.map((r) => r.messageId))}::uuid[], ${textArray(refs.map((r) => r.carrierId))}::text[],
      ${plainArray(refs.map((r) => r.partNumber))}::smallint[],
      ${plainArray(refs.map((r) => r.at.toISOString()))}::timestamptz[])
      as r (message_id, carrier_id, part_number, at)
    join messages m on m.id = r.message_id and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    on conflict do nothing`;
  return refs.map((ref) => ref.carrierId);
}

async function loadMessages(ctx: InTx, ids: string[]): Promise<Map<string, Message>> {
  const rows = await ctx.tx.sql<Message[]>`
    select m.id, m.parts, m.possible_duplicate as "possibleDuplicate", array(
        select r.part_number from carrier_refs r where m.parts > 1 and r.message_id = m.id
          and r.message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid) as "partsTaken"
    from messages m
    where m.id = any(${plainArray(ids)}::uuid[]) and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** The worst part decides: a message is sent when the carrier has all of it. Null: what is under way decides later. */
function decide(
  ctx: InTx,
  policy: ConnectorPolicy,
  { connectorId, owner }: RecordResponses,
  { message, row, result, next }: Attempt,
): FollowUp | null {
  const { parts, at } = result;
  const now = ctx.clock.now();
  const messageId = message.id;
  if (row && isOvertaken(row, result, owner)) return null;
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
  const taken = new Set([...message.partsTaken, ...parts.map((part) => part.partNumber)]);
  if (!taken.has(wholeMessage) && taken.size < message.parts) return null;
  const event = isPlain(message, row, parts) ? undefined : ({ kind: "response", at, detail } as const);
  return { transition: { messageId, status: "sent", sentAt: at, ...(event ? { event } : {}) }, queue: "done" };
}

/** All taken, at the first attempt, in time: the message's own row and its references tell it, no event needs to. */
const isPlain = ({ possibleDuplicate }: Message, row: QueueRow | undefined, parts: readonly PartResult[]): boolean =>
  row !== undefined &&
  row.attempts === 0 &&
  row.leaseOwner !== unknownOwner &&
  !possibleDuplicate &&
  parts.every((part) => part.kind === "accepted");

/** It was sent before, and that answer was lost. An answer that comes late to the only attempt is that answer. */
const mayBeTaken = ({ possibleDuplicate }: Message, row: QueueRow | undefined): boolean =>
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
