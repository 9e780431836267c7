/** How long messages are kept, which days there are, what they take, and when each goes. */
import { listPartitions, type Partition } from "#db/partitions.ts";
import {
  type RetentionOverview,
  type RetentionPolicy,
  retentionOverview as schema,
} from "#server/domain/retention/input.ts";
import { allowRoot, loadPolicy } from "#server/domain/retention/load-policy.ts";
import { dayNumber, dropsOn, isoDay, type Kind, kinds, planDrops, tableOf } from "#server/domain/retention/plan.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

type DayRow = {
  day: string;
  closedAt: Date | null;
  settledAt: Date | null;
  openMessages: number | null;
  openCampaigns: number | null;
  /** Messages of a settled day, exactly; null before. */
  messageCount: number | null;
};
export type KeptPart = {
  bytes: number;
  /** The day (UTC, ISO) on which it goes; null = never. */
  dropsOn: string | null;
};
export type KeptDay = DayRow & { kept: Record<Kind, KeptPart | null> };
export type RetentionView = {
  policy: RetentionPolicy;
  /** Newest first; days of which nothing is left are not in it. */
  days: KeptDay[];
  totalBytes: number;
  /** By the policy in force, or the one that is tried out. */
  next: { partitions: number; bytes: number; oldest: string | null; newest: string | null };
  /** Due, but kept until all in them has ended. */
  waiting: { days: string[] };
};

/** @throws forbidden for everybody below a root */
export async function getRetention(ctx: Context, input: RetentionOverview = {}): Promise<RetentionView> {
  allow(ctx, "retention.read");
  const { tryOut } = parse(schema, input);
  return asSystem(ctx, async (ctx) => {
    await allowRoot(ctx);
    const policy = await loadPolicy(ctx);
    const partitions = await listPartitions(ctx.tx.sql);
    const rows = await dayRows(ctx);
    const settled = new Set(rows.filter((row) => row.settledAt).map((row) => row.day));
    const plan = planDrops(tryOut ?? policy, partitions, settled, ctx.clock.now());
    const dropDays = plan.drops.map((drop) => drop.day);
    return {
      policy,
      days: rows
        .map((row) => withParts(row, tryOut ?? policy, partitions))
        .filter((row) => kinds.some((kind) => row.kept[kind])),
      totalBytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
      next: {
        partitions: plan.drops.length,
        bytes: plan.drops.reduce((sum, { partition }) => sum + partition.bytes, 0),
        oldest: dropDays[0] ?? null,
        newest: dropDays.at(-1) ?? null,
      },
      waiting: { days: [...new Set(plan.waiting.map((drop) => drop.day))] },
    };
  });
}

const dayRows = (ctx: InTx) => ctx.tx.sql<DayRow[]>`
  select to_char(d.day, 'YYYY-MM-DD') as day, d.closed_at as "closedAt", d.settled_at as "settledAt",
    d.open_messages as "openMessages", d.open_campaigns as "openCampaigns",
    case when d.settled_at is not null then
      coalesce((select sum(messages)::float8 from message_day_totals t where t.day = d.day), 0) end as "messageCount"
  from message_days d order by d.day desc`;

function withParts(row: DayRow, policy: RetentionPolicy, partitions: readonly Partition[]): KeptDay {
  const part = (kind: Kind): KeptPart | null => {
    const found = partitions.find((one) => one.day === row.day && one.table === tableOf[kind]);
    const keepDays = policy[kind];
    if (!found) return null;
    return { bytes: found.bytes, dropsOn: keepDays === null ? null : isoDay(dropsOn(dayNumber(row.day), keepDays)) };
  };
  return { ...row, kept: { messages: part("messages"), history: part("history"), receipts: part("receipts") } };
}
