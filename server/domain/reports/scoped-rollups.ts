/** The SQL that all reports share: rollups of the viewer's subtree, grouped, and the money at the viewer's own edges. */
import type { SummaryFilters } from "#server/domain/reports/input.ts";
import type { InTx } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";

export type Range = { from: string; to: string };

const dayMs = 86_400_000;
/** A report reads at most so many days of rollups. */
const maxDays = 400;
const defaultDays = 30;

/** @throws invalid_input `bad_range` */
export function rangeOf(now: Date, { from, to }: { from?: string; to?: string }): Range {
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const end = to ?? dayOf(now.getTime());
  const start = from ?? dayOf(Date.parse(end) - (defaultDays - 1) * dayMs);
  const days = (Date.parse(end) - Date.parse(start)) / dayMs + 1;
  if (days >= 1 && days <= maxDays) return { from: start, to: end };
  throw invalidInput("bad_range", `Choose a range of 1 to ${maxDays} days.`, { field: "from" });
}

/** `rollups r join tenants t` narrowed to what the viewer and its filters allow. */
export function scoped(ctx: InTx, filters: SummaryFilters, { from, to }: Range) {
  const { sql } = ctx.tx;
  const { campaignId, senderId, operatorId, orderId } = filters;
  return sql`
    from report_rollups r
    join tenants t on t.id = r.tenant_id and t.ancestors @> array[${filters.tenantId ?? ctx.tenantId}::uuid]
    where r.day between ${from}::date and ${to}::date
      ${campaignId ? sql`and r.campaign_id = ${campaignId}` : sql``}
      ${senderId ? sql`and r.sender_id = ${senderId}` : sql``}
      ${operatorId ? sql`and r.operator_id = ${operatorId}` : sql``}
      ${orderId ? sql`and exists (select from rate_hops f where f.rate_id = r.rate_id and f.order_id = ${orderId} and ${ownEdge(ctx)})` : sql``}`;
}

/** The hop `f` is the viewer's own purchase or sale. */
const ownEdge = (ctx: InTx) => ctx.tx.sql`${ctx.tenantId}::uuid in (f.seller_id, f.buyer_id)`;

/** What a row is grouped by; for orders one row counts at each of the viewer's edges it passed. */
export function keyOf(ctx: InTx, { groupBy, tenantId = ctx.tenantId }: Pick<SummaryFilters, "groupBy" | "tenantId">) {
  const { sql } = ctx.tx;
  switch (groupBy) {
    case "day":
      return sql`r.day::text`;
    case "tenant":
      // The child on the way from the tenant that is looked at to the one that sent; itself for its own traffic.
      return sql`coalesce(t.ancestors[array_position(t.ancestors, ${tenantId}::uuid) + 1], ${tenantId}::uuid)::text`;
    case "campaign":
      return sql`r.campaign_id::text`;
    case "sender":
      return sql`r.sender_id::text`;
    case "operator":
      return sql`r.operator_id`;
    case "order":
      return sql`h.order_id::text`;
  }
}

/** Parts that are final at a hop, and parts still held there: server/domain/ledger/stage.ts in SQL. */
export const postedParts = (ctx: InTx) => ctx.tx.sql`
  case h.post_on when 'accepted' then r.carried_parts + r.settled_parts + r.lapsed_parts else r.settled_parts end`;
export const heldParts = (ctx: InTx) => ctx.tx.sql`
  case h.post_on when 'accepted' then r.held_parts else r.held_parts + r.carried_parts end`;
