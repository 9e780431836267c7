/** Writes report deltas: counters per dimension, aggregated here, folded into rollups by the reports room. */
import type { InTx } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";

const counterNames = [
  "acceptedCount",
  "sentCount",
  "deliveredCount",
  "failedCount",
  "unknownCount",
  "acceptedParts",
  "heldParts",
  "carriedParts",
  "settledParts",
  "voidedParts",
  "lapsedParts",
] as const;
type CounterName = (typeof counterNames)[number];
export type Counters = Partial<Record<CounterName, number>>;

/** What one message changes. */
export type CountChange = Counters & {
  /** When the message was accepted: its UTC day is the dimension. */
  acceptedAt: Date;
  tenantId: string;
  campaignId: string | null;
  senderId: string;
  operatorId: string;
  trafficClass: string;
  rateId: string;
};

type Row = { dimensions: string[]; counters: number[] };

/** One row per set of dimensions, however many messages. Changes that cancel out leave no row. */
export async function countChanges(ctx: InTx, changes: readonly CountChange[]): Promise<void> {
  const rows = aggregate(changes);
  if (rows.length === 0) return;
  const dimension = (index: number) => rows.map((row) => row.dimensions[index] ?? "");
  const counter = (name: CounterName) => rows.map((row) => row.counters[counterNames.indexOf(name)] ?? 0);
  await ctx.tx.sql`
    insert into report_deltas (day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id,
      accepted_count, sent_count, delivered_count, failed_count, unknown_count,
      accepted_parts, held_parts, carried_parts, settled_parts, voided_parts, lapsed_parts)
    select * from unnest(${dimension(0)}::date[], ${dimension(1)}::uuid[], ${dimension(2)}::uuid[],
      ${dimension(3)}::uuid[], ${dimension(4)}::text[], ${dimension(5)}::text[], ${dimension(6)}::uuid[],
      ${counter("acceptedCount")}::bigint[], ${counter("sentCount")}::bigint[], ${counter("deliveredCount")}::bigint[],
      ${counter("failedCount")}::bigint[], ${counter("unknownCount")}::bigint[], ${counter("acceptedParts")}::bigint[],
      ${counter("heldParts")}::bigint[], ${counter("carriedParts")}::bigint[], ${counter("settledParts")}::bigint[],
      ${counter("voidedParts")}::bigint[], ${counter("lapsedParts")}::bigint[])`;
}

function aggregate(changes: readonly CountChange[]): Row[] {
  const rows = new Map<string, Row>();
  for (const change of changes) {
    const dimensions = [
      change.acceptedAt.toISOString().slice(0, 10),
      change.tenantId,
      change.campaignId ?? nilId,
      change.senderId,
      change.operatorId,
      change.trafficClass,
      change.rateId,
    ];
    const key = dimensions.join(" ");
    let row = rows.get(key);
    if (!row) {
      row = { dimensions, counters: counterNames.map(() => 0) };
      rows.set(key, row);
    }
    for (const [index, name] of counterNames.entries())
      row.counters[index] = (row.counters[index] ?? 0) + (change[name] ?? 0);
  }
  return [...rows.values()].filter((row) => row.counters.some((count) => count !== 0));
}
