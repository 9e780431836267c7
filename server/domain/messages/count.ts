/** Counts what messages change: summed per dimensions here, written as report deltas, folded into rollups by the reports room. */
import { bigintArray, dayArray, textArray, uuidArray } from "#db/arrays.ts";
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

/** What a message is counted under. Its rate implies tenant, operator and traffic class. */
export type Dimensions = {
  /** Whole days since 1970-01-01 UTC, of the moment at which it was accepted. */
  acceptedDay: number;
  tenantId: string;
  campaignId: string | null;
  senderId: string;
  operatorId: string;
  trafficClass: string;
  rateId: string;
};

type Row = { dimensions: Dimensions; counters: number[] };

export const dayMs = 86_400_000;
export const dayOf = (at: Date): number => Math.floor(at.getTime() / dayMs);

/** One row per set of dimensions, however many messages. */
export class Tally {
  private readonly rows = new Map<string, Row>();
  /** Many messages come with the same object. */
  private last: { dimensions: Dimensions; row: Row } | null = null;

  add(dimensions: Dimensions, counters: Counters): void {
    const row = this.last?.dimensions === dimensions ? this.last.row : this.rowOf(dimensions);
    this.last = { dimensions, row };
    for (let n = 0; n < counterNames.length; n += 1) {
      const change = counters[counterNames[n] as CounterName];
      if (change) row.counters[n] = (row.counters[n] ?? 0) + change;
    }
  }

  private rowOf(dimensions: Dimensions): Row {
    const { acceptedDay, campaignId, senderId, rateId } = dimensions;
    const key = `${rateId}${senderId}${campaignId}${acceptedDay}`;
    let row = this.rows.get(key);
    if (!row) {
      row = { dimensions, counters: counterNames.map(() => 0) };
      this.rows.set(key, row);
    }
    return row;
  }

  /** With the commit. Changes that cancel out leave no row. */
  write(ctx: InTx): void {
    const rows = [...this.rows.values()].filter((row) => row.counters.some((count) => count !== 0));
    if (rows.length === 0) return;
    const of = (pick: (dimensions: Dimensions) => string) => rows.map((row) => pick(row.dimensions));
    const counter = (name: CounterName) =>
      bigintArray(rows.map((row) => row.counters[counterNames.indexOf(name)] ?? 0));
    ctx.tx.atCommit(ctx.tx.sql`
      insert into report_deltas (day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id,
        accepted_count, sent_count, delivered_count, failed_count, unknown_count,
        accepted_parts, held_parts, carried_parts, settled_parts, voided_parts, lapsed_parts)
      select * from unnest(${dayArray(rows.map((row) => row.dimensions.acceptedDay))}::date[],
        ${uuidArray(of((d) => d.tenantId))}::uuid[], ${uuidArray(of((d) => d.campaignId ?? nilId))}::uuid[],
        ${uuidArray(of((d) => d.senderId))}::uuid[], ${textArray(of((d) => d.operatorId))}::text[],
        ${textArray(of((d) => d.trafficClass))}::text[], ${uuidArray(of((d) => d.rateId))}::uuid[],
        ${counter("acceptedCount")}::bigint[], ${counter("sentCount")}::bigint[], ${counter("deliveredCount")}::bigint[],
        ${counter("failedCount")}::bigint[], ${counter("unknownCount")}::bigint[], ${counter("acceptedParts")}::bigint[],
        ${counter("heldParts")}::bigint[], ${counter("carriedParts")}::bigint[], ${counter("settledParts")}::bigint[],
        ${counter("voidedParts")}::bigint[], ${counter("lapsedParts")}::bigint[])`);
  }
}
