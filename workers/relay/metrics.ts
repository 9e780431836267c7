/** What somebody should be woken for: the queue's age, and days of messages that are missing ahead or do not close. */
import { Gauge } from "prom-client";
import type { Database } from "#db/client.ts";

const lanes = ["otp", "transactional", "bulk"] as const;
const waiting = new Gauge({
  name: "banyan_queue_messages",
  help: "Messages that wait for carriers",
  labelNames: ["lane"],
});
const oldest = new Gauge({
  name: "banyan_queue_oldest_seconds",
  help: "For how long the first of those that may go has been ready",
  labelNames: ["lane"],
});
const daysAhead = new Gauge({ name: "banyan_days_ahead", help: "Days after today for which there are partitions" });
const daysUnsettled = new Gauge({
  name: "banyan_days_unsettled",
  help: "Days that are old enough to be closed, and hold something that has not ended",
});

/** From the last count: nobody counts the queue for it. */
export async function showQueue(db: Database, now: Date): Promise<void> {
  const rows = await db.sql<{ lane: number; waiting: number; oldestAt: Date | null }[]>`
    select lane::int, sum(waiting)::int as waiting, min(oldest_at) as "oldestAt" from queue_depths group by 1`;
  for (const [lane, name] of lanes.entries()) {
    const row = rows.find((one) => one.lane === lane);
    waiting.set({ lane: name }, row?.waiting ?? 0);
    oldest.set({ lane: name }, row?.oldestAt ? Math.max(0, (now.getTime() - row.oldestAt.getTime()) / 1_000) : 0);
  }
}

export async function showDaysAhead(db: Database): Promise<void> {
  const [row] = await db.sql<{ ahead: number }[]>`
    select (max(day) - (now() at time zone 'UTC')::date)::int as ahead from message_days`;
  daysAhead.set(row?.ahead ?? 0);
}

export const showUnsettled = (days: readonly { isSettled: boolean }[]): void =>
  daysUnsettled.set(days.filter((day) => !day.isSettled).length);
