/** Closes old days of messages: nothing new comes in, what has not ended is ended, and the sums are written for ever. */
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { floorId } from "#server/domain/messages/search-terms.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { closedAfterDays, dayNumber, dayOf, isoDay } from "#server/domain/retention/plan.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

const bite = 1_000;
/** From closing to settling: by then every transaction that could still write into the day has ended. */
const quietMs = 10 * 60_000;
/** Between looks at a day in which something is open. */
const lookAgainMs = 6 * 3_600_000;
const defaultReceiptHours = 72;
const dayMs = 86_400_000;

export type LookedAt = { day: string; isSettled: boolean; openMessages: number; openCampaigns: number };

/**
 * Run by a job, as often as one likes: one pass over the days that are old enough and not settled. A campaign that may
 * still hand over recipients keeps the day of its launch open, because the ids of its messages lie there.
 * @throws forbidden for anybody but a job
 */
export async function closeDays(ctx: Context): Promise<LookedAt[]> {
  if (ctx.actor.type !== "job") throw forbidden("platform.retention");
  const now = ctx.clock.now();
  const last = isoDay(dayOf(now) - closedAfterDays - 1);
  // Each look reads the whole day: once when everybody who could write into it has ended, and then a few times a day.
  const days = await ctx.db.sql<{ day: string; closedAt: Date | null }[]>`
    select to_char(day, 'YYYY-MM-DD') as day, closed_at as "closedAt" from message_days
    where settled_at is null and day <= ${last} and (closed_at is null or looked_at is null
      or looked_at < closed_at + make_interval(secs => ${quietMs / 1_000})
      or looked_at < ${now}::timestamptz - make_interval(secs => ${lookAgainMs / 1_000}))
    order by day`;
  const looked: LookedAt[] = [];
  for (const { day, closedAt } of days) {
    const openCampaigns = closedAt ? 0 : await closeUnlessUsed(ctx, day);
    const isQuiet = closedAt !== null && now.getTime() - closedAt.getTime() >= quietMs;
    if (isQuiet) await endForgotten(ctx, day);
    looked.push({ day, openCampaigns, ...(await settle(ctx, day, isQuiet, openCampaigns)) });
  }
  return looked;
}

/** @returns how many campaigns may still put messages into the day; with none it is closed */
async function closeUnlessUsed(ctx: Context, day: string): Promise<number> {
  const from = new Date(dayNumber(day) * dayMs);
  const to = new Date(from.getTime() + dayMs);
  return asSystem(ctx, async ({ tx: { sql } }) => {
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from campaigns
      where launched_at >= ${from} and launched_at < ${to} and status in ('running', 'paused', 'held')`;
    const open = row?.n ?? 0;
    if (open === 0)
      await sql`update message_days set closed_at = ${ctx.clock.now()} where day = ${day} and closed_at is null`;
    return open;
  });
}

/** The ids that a day's messages have: from the first, and before the second. */
function idsOf(day: string): { first: string; end: string } {
  const fromMs = dayNumber(day) * dayMs;
  return { first: floorId(fromMs), end: floorId(fromMs + dayMs) };
}

/**
 * Messages that nobody will end: the carrier never reported, and its connector is not driven any more; or the queue has
 * lost them. Their money goes back where the price list says so.
 */
async function endForgotten(ctx: Context, day: string): Promise<void> {
  const { first, end } = idsOf(day);
  let after = first;
  for (;;) {
    const ids = await retryOnCollision(() => asSystem(ctx, (ctx) => endBite(ctx, after, end)));
    const lastId = ids.at(-1);
    if (lastId === undefined || ids.length < bite) return;
    after = lastId;
  }
}

async function endBite(ctx: InTx, after: string, end: string): Promise<string[]> {
  const now = ctx.clock.now();
  const rows = await ctx.tx.sql<{ id: string; status: string }[]>`
    select id, status from messages m
    where id > ${after}::uuid and id < ${end}::uuid and charge_stage in (${chargeStage.held}, ${chargeStage.carried})
      and case when status = 'sent' then coalesce(sent_at, created_at) < ${now}::timestamptz - make_interval(hours =>
          coalesce((select max(receipt_timeout_hours) from connectors), ${defaultReceiptHours}))
        else valid_until < ${now} and not exists (select from send_queue q where q.message_id = m.id) end
    order by id limit ${bite}`;
  await applyTransitions(
    ctx,
    rows.map(({ id: messageId, status }) => {
      const why = status === "sent" ? "no_receipt" : "validity_over";
      return { messageId, status: "expired", errorCode: why, event: { kind: "final", detail: { why } } };
    }),
  );
  return rows.map((row) => row.id);
}

/** Adds up the day. Where something is open, nothing is written but how much. */
async function settle(
  ctx: Context,
  day: string,
  isQuiet: boolean,
  openCampaigns: number,
): Promise<Pick<LookedAt, "isSettled" | "openMessages">> {
  const { first, end } = idsOf(day);
  return asSystem(ctx, async (ctx) => {
    const { sql } = ctx.tx;
    // Of two at once, the second finds it settled.
    const [row] = await sql`select 1 from message_days where day = ${day} and settled_at is null for update`;
    if (!row) return { isSettled: true, openMessages: 0 };
    const openMessages = isQuiet ? await countOpen(ctx, first, end) : 0;
    const isSettled = isQuiet && openMessages === 0;
    if (isSettled) {
      await sql`
        insert into message_day_totals (day, rate_id, charge_stage, messages, parts)
        select ${day}::date, rate_id, charge_stage, count(*), sum(parts) from messages
        where id >= ${first}::uuid and id < ${end}::uuid group by 2, 3`;
    }
    await sql`
      update message_days set settled_at = ${isSettled ? ctx.clock.now() : null}, open_messages = ${openMessages},
        open_campaigns = ${openCampaigns}, looked_at = ${ctx.clock.now()}
      where day = ${day}`;
    return { isSettled, openMessages };
  });
}

async function countOpen(ctx: InTx, first: string, end: string): Promise<number> {
  const [open] = await ctx.tx.sql<{ n: number }[]>`
    select count(*)::int as n from messages
    where id >= ${first}::uuid and id < ${end}::uuid and charge_stage in (${chargeStage.held}, ${chargeStage.carried})`;
  return open?.n ?? 0;
}
