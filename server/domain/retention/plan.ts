/** Which days go when: the policy against the days that there are. Pure, and in UTC throughout. */
import type { Partition, PartitionedTable } from "#db/partitions.ts";
import { keptByDay } from "#db/schema/retention.ts";
import type { RetentionPolicy } from "#server/domain/retention/input.ts";

export type Kind = keyof RetentionPolicy;
export const kinds: readonly Kind[] = keptByDay;
export const tableOf = {
  messages: "messages",
  history: "message_events",
  receipts: "carrier_refs",
} as const satisfies Record<Kind, PartitionedTable>;

export const defaultPolicy: RetentionPolicy = { messages: 400, history: 180, receipts: 90 };

/** Days are closed after so many: then nothing new comes into them, and what has not ended is ended. */
export const closedAfterDays = 8;

const dayMs = 86_400_000;
/** Whole days since 1970-01-01 UTC. */
export const dayNumber = (isoDay: string): number => Math.floor(Date.parse(`${isoDay}T00:00:00Z`) / dayMs);
export const isoDay = (dayNumber: number): string => new Date(dayNumber * dayMs).toISOString().slice(0, 10);
export const dayOf = (at: Date): number => Math.floor(at.getTime() / dayMs);

/** The first day (number) on which a day is dropped: it is kept `keepDays` whole days after it ended. */
export const dropsOn = (day: number, keepDays: number): number => day + 1 + keepDays;

export type Drop = { kind: Kind; day: string; partition: Partition };
export type Plan = {
  /** In the order in which they go: the oldest day first, its messages before what belongs to them. */
  drops: Drop[];
  /** Due, but something in them has not ended. */
  waiting: Drop[];
};

/** @param settled days (ISO) in which nothing changes any more */
export function planDrops(
  policy: RetentionPolicy,
  partitions: readonly Partition[],
  settled: ReadonlySet<string>,
  now: Date,
): Plan {
  const today = dayOf(now);
  const plan: Plan = { drops: [], waiting: [] };
  for (const partition of [...partitions].sort((a, b) => a.day.localeCompare(b.day))) {
    const kind = kinds.find((one) => tableOf[one] === partition.table);
    if (!kind) continue;
    const drop = { kind, day: partition.day, partition };
    // What was begun is ended, also when the policy has changed meanwhile: nobody reads it any more.
    if (partition.state !== "attached") plan.drops.push(drop);
    else if (isDue(policy[kind], dayNumber(partition.day), today)) {
      (settled.has(partition.day) ? plan.drops : plan.waiting).push(drop);
    }
  }
  plan.drops.sort((a, b) => a.day.localeCompare(b.day) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  return plan;
}

const isDue = (keepDays: number | null, day: number, today: number): boolean =>
  keepDays !== null && today >= dropsOn(day, keepDays);
