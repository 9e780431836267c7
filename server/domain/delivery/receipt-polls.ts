/** Messages whose partner tells of their end only when it is asked: what to ask next, and what came of it. Durable. */
import { momentArray, textArray, uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { type MessageResult, unknownOwner } from "#server/domain/delivery/work.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { pruneAged } from "#server/kernel/prune.ts";

export type Polling = {
  /** Until the first question. */
  everySeconds: number;
  attempts: number;
  /** The partner is asked by our id: then also about messages whose answer was lost. */
  byOwnId: boolean;
};

/** @property carrierId as the partner wrote it */
export type Poll = { messageId: string; carrierId: string; attempts: number };

/** Each question waits half as long again as the one before, at most this. */
const longestSeconds = 3_600;
const growth = 1.5;

/** In the transaction that records the answers. */
export async function startPolls(
  ctx: InTx,
  connectorId: string,
  { everySeconds, byOwnId }: Polling,
  results: readonly MessageResult[],
): Promise<void> {
  const polls = results.flatMap(({ messageId, parts }) =>
    parts.flatMap((part) => {
      if (part.kind === "accepted") return [{ messageId, carrierId: part.carrierId }];
      return part.kind === "lost" && byOwnId ? [{ messageId, carrierId: messageId }] : [];
    }),
  );
  if (polls.length === 0) return;
  await ctx.tx.sql`
    insert into receipt_polls (message_id, carrier_id, connector_id, tenant_id, next_at)
    select p.message_id, p.carrier_id, ${connectorId}, m.tenant_id,
      ${ctx.clock.now()}::timestamptz + make_interval(secs => ${everySeconds}::float8)
    from unnest(${uuidArray(polls.map((poll) => poll.messageId))}::uuid[],
      ${textArray(polls.map((poll) => poll.carrierId))}::text[]) as p (message_id, carrier_id)
    join messages m on m.id = p.message_id on conflict do nothing`;
}

/**
 * Whose time has come, oldest first. Messages that ended meanwhile are forgotten on the way. Only who holds the
 * connector's lease gets any.
 */
export async function duePolls(
  ctx: Context,
  { connectorId, owner, limit }: { connectorId: string; owner: string; limit: number },
): Promise<Poll[]> {
  allowWorker(ctx);
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<(Poll & { isOpen: boolean })[]>`
      select p.message_id as "messageId", p.carrier_id as "carrierId", p.attempts,
        coalesce(m.status in ('queued', 'sending', 'sent', 'unknown'), false) as "isOpen"
      from (select * from receipt_polls
        where connector_id = ${connectorId} and next_at <= ${ctx.clock.now()}
          and exists (select from connector_leases l
            where l.connector_id = ${connectorId} and l.owner = ${owner} and l.expires_at > now())
        order by next_at limit ${limit}) p
      left join messages m on m.id = p.message_id`;
    await forget(
      ctx,
      rows.filter((row) => !row.isOpen),
    );
    return rows.filter((row) => row.isOpen).map(({ isOpen: _, ...poll }) => poll);
  });
}

/** @property isDone the receipt is written; else it is asked again, as long as there are attempts left */
export type AskedPoll = Poll & { isDone: boolean };

export async function recordPolls(
  ctx: Context,
  { polling, asked }: { polling: Pick<Polling, "everySeconds" | "attempts">; asked: readonly AskedPoll[] },
): Promise<void> {
  allowWorker(ctx);
  const isOver = (poll: AskedPoll) => poll.isDone || poll.attempts + 1 >= polling.attempts;
  const later = asked.filter((poll) => !isOver(poll));
  await asSystem(ctx, async (ctx) => {
    await forget(ctx, asked.filter(isOver));
    if (later.length === 0) return;
    const nowMs = ctx.clock.now().getTime();
    const nextAt = ({ attempts }: Poll) =>
      new Date(nowMs + Math.min(longestSeconds, polling.everySeconds * growth ** (attempts + 1)) * 1_000);
    await ctx.tx.sql`
      update receipt_polls p set attempts = p.attempts + 1, next_at = u.next_at
      from unnest(${uuidArray(later.map((poll) => poll.messageId))}::uuid[],
        ${textArray(later.map((poll) => poll.carrierId))}::text[],
        ${momentArray(later.map((poll) => nextAt(poll)))}::timestamptz[])
        as u (message_id, carrier_id, next_at)
      where p.message_id = u.message_id and p.carrier_id = u.carrier_id`;
  });
}

async function forget(ctx: InTx, polls: readonly Poll[]): Promise<void> {
  if (polls.length === 0) return;
  await ctx.tx.sql`
    delete from receipt_polls p using unnest(${uuidArray(polls.map((poll) => poll.messageId))}::uuid[],
      ${textArray(polls.map((poll) => poll.carrierId))}::text[]) as u (message_id, carrier_id)
    where p.message_id = u.message_id and p.carrier_id = u.carrier_id`;
}

/** For a connector whose partner is not asked any more. */
export async function endPolls(ctx: Context, { connectorId }: { connectorId: string }): Promise<void> {
  allowWorker(ctx);
  await asSystem(ctx, ({ tx }) => tx.sql`delete from receipt_polls where connector_id = ${connectorId}`);
}

/** Of connectors that were switched off with questions open. */
const keepMs = 30 * 86_400_000;

/** Run by a job. @returns how many went */
export const prunePolls = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "receipt_polls", column: "next_at", keepMs });

/**
 * A partner that names our ids may tell of messages whose answer was lost: from here on their id is known, and their
 * receipt finds them. One on the wire has its answer still to come.
 */
export async function adoptOwnIds(
  ctx: Context,
  { connectorId, ids }: { connectorId: string; ids: readonly string[] },
): Promise<void> {
  allowWorker(ctx);
  const own = [...new Set(ids.filter((id) => uuid.test(id)).map((id) => id.toLowerCase()))];
  if (own.length === 0) return;
  await asSystem(
    ctx,
    ({ tx, clock }) => tx.sql`
      insert into carrier_refs (message_id, carrier_id, connector_id, tenant_id, part_number, created_at)
      select m.id, m.id::text, ${connectorId}, m.tenant_id, case when m.parts > 1 then 0 else 1 end, ${clock.now()}
      from messages m left join send_queue q on q.message_id = m.id
      where m.id = any(${uuidArray(own)}::uuid[]) and m.connector_id = ${connectorId}
        and (m.status = 'unknown' or m.possible_duplicate)
        and (q.lease_owner is null or q.lease_owner = ${unknownOwner})
      on conflict do nothing`,
  );
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
