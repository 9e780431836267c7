/** Carries out what follows from an attempt: the message's status and its row in the queue change together or not at all. */
import { momentArray, smallintArray, uuidArray } from "#db/arrays.ts";
import type { ConnectorPolicy } from "#server/domain/delivery/connector-policy.ts";
import { unknownOwner } from "#server/domain/delivery/work.ts";
import { type LockedMessage, lockMessages } from "#server/domain/messages/lock-messages.ts";
import { planTransitions, type Transition } from "#server/domain/messages/transition.ts";
import type { InTx } from "#server/kernel/context.ts";
import { together } from "#server/kernel/together.ts";

export type QueueRow = {
  messageId: string;
  attempts: number;
  validUntil: Date;
  leaseOwner: string | null;
  leasedAt: Date | null;
};

/** done: leaves the queue. again: free from readyAt on, over another connector if it names one. unknown: nobody's to send. */
export type FollowUp = { transition: Transition } & (
  | { queue: "done" }
  | { queue: "again"; readyAt: Date; attempts: number; connectorId?: string }
  | { queue: "unknown" }
);

const throttleMs = 1_000;
const backoffMs = { first: 1_000, most: 60_000 };

/** Half to one and a half of the base: senders that were refused together do not come back together. */
const jittered = (ms: number): number => ms * (0.5 + Math.random());
export const afterThrottleMs = (): number => jittered(throttleMs);
export const afterFailureMs = (attempts: number): number =>
  jittered(Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(attempts, 10)));

/** The rows that exist, locked in id order before the messages are: the order of claim. */
export async function lockQueue(ctx: InTx, messageIds: readonly string[]): Promise<Map<string, QueueRow>> {
  const groups = await ctx.tx.sql<(Omit<QueueRow, "messageId"> & { ids: string })[]>`
    with locked as materialized (
      select message_id, attempts, valid_until, lease_owner, leased_at
      from send_queue where message_id = any(${uuidArray(messageIds)}::uuid[]) order by message_id for update
    )
    select attempts, valid_until as "validUntil", lease_owner as "leaseOwner", leased_at as "leasedAt",
      string_agg(message_id::text, ',') as ids
    from locked group by 1, 2, 3, 4`;
  const rows = new Map<string, QueueRow>();
  for (const { ids, attempts, validUntil, leaseOwner, leasedAt } of groups) {
    for (const messageId of ids.split(",")) {
      rows.set(messageId, { messageId, attempts, validUntil, leaseOwner, leasedAt });
    }
  }
  return rows;
}

/** An answer was lost: by the route's policy the message waits for a receipt, or is sent again and marked. */
export function afterLoss(
  policy: ConnectorPolicy,
  row: Pick<QueueRow, "messageId" | "attempts" | "validUntil">,
  detail: Record<string, unknown>,
  now: Date,
): FollowUp {
  const { messageId } = row;
  const attempts = row.attempts + 1;
  if (policy.unknownPolicy === "resend" && attempts < policy.maxAttempts && row.validUntil > now) {
    return {
      transition: {
        messageId,
        status: "queued",
        isReturn: true,
        possibleDuplicate: true,
        event: { kind: "retry", detail: { ...detail, possibleDuplicate: true, attempt: attempts } },
      },
      queue: "again",
      attempts,
      readyAt: new Date(now.getTime() + afterFailureMs(0)),
    };
  }
  return { transition: { messageId, status: "unknown", event: { kind: "unknown", detail } }, queue: "unknown" };
}

export type Move = {
  messageId: string;
  at: Date;
  connectorId: string;
  toConnectorId: string;
  /** Why, for the timeline. */
  detail: Record<string, unknown>;
};

/** The message begins anew at another carrier: nothing of it is at the first one. */
export const moveTo = ({ messageId, at, connectorId, toConnectorId, detail }: Move): FollowUp => ({
  transition: {
    messageId,
    status: "queued",
    isReturn: true,
    event: { kind: "moved", at, detail: { ...detail, connectorId, toConnectorId } },
  },
  queue: "again",
  readyAt: at,
  attempts: 0,
  connectorId: toConnectorId,
});

/**
 * A row whose message ended meanwhile leaves the queue: there is nothing left to send.
 * @param locked their messages, when the caller has locked them
 */
export async function carryOut(
  ctx: InTx,
  followUps: readonly FollowUp[],
  locked?: ReadonlyMap<string, LockedMessage>,
): Promise<void> {
  if (followUps.length === 0) return;
  const transitions = followUps.map((f) => f.transition);
  const rows =
    locked ??
    (await lockMessages(
      ctx,
      transitions.map((t) => t.messageId),
    ));
  const { results, write } = planTransitions(ctx, rows, transitions);
  const moved = (index: number) => results[index]?.changed ?? false;
  const idsOf = (picked: readonly FollowUp[]) => picked.map((f) => f.transition.messageId);
  const done = followUps.filter((f, index) => f.queue === "done" && moved(index));
  const still = followUps.filter((_, index) => !moved(index));
  const unknown = followUps.filter((f, index) => f.queue === "unknown" && moved(index));
  const again = followUps.flatMap((f, index) => (f.queue === "again" && moved(index) ? [f] : []));
  await together([
    drop(ctx, idsOf(done)),
    dropEnded(ctx, idsOf(still)),
    keepUnknown(ctx, idsOf(unknown)),
    free(ctx, again),
    write(),
  ]);
}

async function drop(ctx: InTx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await ctx.tx.sql`delete from send_queue where message_id = any(${uuidArray(ids)}::uuid[])`;
}

async function keepUnknown(ctx: InTx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await ctx.tx.sql`
    update send_queue set lease_owner = ${unknownOwner}, leased_at = ${ctx.clock.now()}
    where message_id = any(${uuidArray(ids)}::uuid[])`;
}

async function free(ctx: InTx, again: readonly (FollowUp & { queue: "again" })[]): Promise<void> {
  if (again.length === 0) return;
  await ctx.tx.sql`
    update send_queue q set lease_owner = null, leased_at = null, ready_at = u.ready_at, attempts = u.attempts
    from unnest(${uuidArray(again.map((f) => f.transition.messageId))}::uuid[],
      ${momentArray(again.map((f) => f.readyAt))}::timestamptz[],
      ${smallintArray(again.map((f) => f.attempts))}::smallint[]) as u (message_id, ready_at, attempts)
    where q.message_id = u.message_id`;
  await changeConnector(
    ctx,
    again.flatMap(({ transition: { messageId }, connectorId }) => (connectorId ? [{ messageId, connectorId }] : [])),
  );
}

/** After the rows were freed: the connector that a row leaves is the one that its message was tried at. */
async function changeConnector(ctx: InTx, moves: readonly { messageId: string; connectorId: string }[]): Promise<void> {
  if (moves.length === 0) return;
  const ids = moves.map((move) => move.messageId).sort();
  const rows = ctx.tx.sql`
    unnest(${uuidArray(moves.map((move) => move.messageId))}::uuid[],
      ${uuidArray(moves.map((move) => move.connectorId))}::uuid[]) as u (message_id, connector_id)`;
  await ctx.tx.sql`
    update send_queue q set tried = array_append(coalesce(q.tried, '{}'), q.connector_id), connector_id = u.connector_id
    from ${rows} where q.message_id = u.message_id`;
  await ctx.tx.sql`
    update messages m set connector_id = u.connector_id from ${rows}
    where m.id = u.message_id and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
}

async function dropEnded(ctx: InTx, messageIds: string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await ctx.tx.sql`
    delete from send_queue q using messages m
    where q.message_id = any(${uuidArray(messageIds)}::uuid[]) and m.id = q.message_id
      and m.status not in ('review', 'queued', 'sending', 'unknown')`;
}
