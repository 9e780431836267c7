/** Figures of a range of days, grouped: what was accepted, sent, delivered, and the money at the viewer's own edges. */
import { type Summary, type SummaryFilters, summary as schema } from "#server/domain/reports/input.ts";
import { heldParts, keyOf, postedParts, type Range, rangeOf, scoped } from "#server/domain/reports/scoped-rollups.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow, seesMoney } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

export type Money = {
  currency: string;
  /** Final: what the viewer's children owe it for these messages. */
  revenueMicros: bigint;
  /** Final: what the viewer owes its provider. */
  costMicros: bigint;
  marginMicros: bigint;
  /** Not decided yet: held for messages under way. */
  heldRevenueMicros: bigint;
  heldCostMicros: bigint;
};
export type Counts = {
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  unknown: number;
  parts: number;
};
export type SummaryRow = Counts & {
  key: string;
  /** The name behind the key; the key itself where it has none. */
  label: string;
  /** One entry a currency; empty for those who may not see money. */
  money: Money[];
};
export type SummaryResult = Range & {
  rows: SummaryRow[];
  total: Omit<SummaryRow, "key" | "label">;
  /** There are more rows than are shown; the total counts them too. */
  isCut: boolean;
};

const maxRows = 500;

/** @throws not_found `tenant_not_found` · invalid_input `bad_range` */
export async function summarise(ctx: Context, input: Summary): Promise<SummaryResult> {
  allow(ctx, "reports.read");
  const filters = parse(schema, input);
  const range = rangeOf(ctx.clock.now(), filters);
  return inTransaction(ctx, async (ctx) => {
    if (filters.tenantId) await tenantInScope(ctx, filters.tenantId);
    const [counts, total] = [await countRows(ctx, filters, range), await countTotal(ctx, filters, range)];
    const isPriced = seesMoney(ctx);
    const money = isPriced ? await moneyRows(ctx, filters, range, keyOf(ctx, filters)) : [];
    const whole = isPriced ? await moneyRows(ctx, filters, range, ctx.tx.sql`'all'`) : [];
    const labels = await labelsOf(
      ctx,
      filters.groupBy,
      counts.map((row) => row.key),
    );
    const rows = counts.slice(0, maxRows).map((row) => ({
      ...row,
      label: labels.get(row.key) ?? row.key,
      money: moneyOf(money.filter((m) => m.key === row.key)),
    }));
    return { ...range, rows, total: { ...total, money: moneyOf(whole) }, isCut: counts.length > maxRows };
  });
}

const sums = (ctx: InTx) => ctx.tx.sql`
  coalesce(sum(r.accepted_count), 0)::float8 as accepted, coalesce(sum(r.sent_count), 0)::float8 as sent,
  coalesce(sum(r.delivered_count), 0)::float8 as delivered, coalesce(sum(r.failed_count), 0)::float8 as failed,
  coalesce(sum(r.unknown_count), 0)::float8 as unknown, coalesce(sum(r.accepted_parts), 0)::float8 as parts`;

async function countRows(ctx: InTx, filters: SummaryFilters, range: Range): Promise<(Counts & { key: string })[]> {
  const { sql } = ctx.tx;
  const key = keyOf(ctx, filters);
  const order = filters.groupBy === "day" ? sql`1` : sql`2 desc, 1`;
  if (filters.groupBy !== "order") {
    return sql<(Counts & { key: string })[]>`
      select ${key} as key, ${sums(ctx)} ${scoped(ctx, filters, range)} group by 1 order by ${order} limit ${maxRows + 1}`;
  }
  return sql<(Counts & { key: string })[]>`
    select ${key} as key, ${sums(ctx)}
    from (select r.* ${scoped(ctx, filters, range)}) r
    join rate_hops h on h.rate_id = r.rate_id and ${ctx.tenantId}::uuid in (h.seller_id, h.buyer_id)
      ${filters.orderId ? sql`and h.order_id = ${filters.orderId}` : sql``}
    group by 1 order by ${order} limit ${maxRows + 1}`;
}

async function countTotal(ctx: InTx, filters: SummaryFilters, range: Range): Promise<Counts> {
  const [row] = await ctx.tx.sql<Counts[]>`select ${sums(ctx)} ${scoped(ctx, filters, range)}`;
  return row ?? { accepted: 0, sent: 0, delivered: 0, failed: 0, unknown: 0, parts: 0 };
}

type MoneyRow = Omit<Money, "marginMicros"> & { key: string };

function moneyRows(
  ctx: InTx,
  filters: SummaryFilters,
  range: Range,
  key: ReturnType<typeof keyOf>,
): Promise<MoneyRow[]> {
  const { sql } = ctx.tx;
  const side = (column: "seller_id" | "buyer_id", parts: ReturnType<typeof heldParts>) => sql`
    coalesce(sum((${parts}) * h.unit_price_micros) filter (where h.${sql(column)} = ${ctx.tenantId}), 0)::bigint`;
  return sql<MoneyRow[]>`
    select ${key} as key, h.currency,
      ${side("seller_id", postedParts(ctx))} as "revenueMicros", ${side("buyer_id", postedParts(ctx))} as "costMicros",
      ${side("seller_id", heldParts(ctx))} as "heldRevenueMicros", ${side("buyer_id", heldParts(ctx))} as "heldCostMicros"
    from (select r.*, t.ancestors ${scoped(ctx, filters, range)}) r
    cross join lateral (select r.ancestors) t
    join rate_hops h on h.rate_id = r.rate_id and ${ctx.tenantId}::uuid in (h.seller_id, h.buyer_id)
      ${filters.orderId ? sql`and h.order_id = ${filters.orderId}` : sql``}
    group by 1, 2 order by 1, 2`;
}

const moneyOf = (rows: readonly MoneyRow[]): Money[] =>
  rows.map(({ key: _, ...row }) => ({ ...row, marginMicros: row.revenueMicros - row.costMicros }));

/** Names of what the viewer's subtree owns: row-level security leaves out everything else. */
async function labelsOf(
  ctx: InTx,
  groupBy: SummaryFilters["groupBy"],
  keys: readonly string[],
): Promise<Map<string, string>> {
  const { sql } = ctx.tx;
  const ids = [...keys];
  if (ids.length === 0 || groupBy === "day") return new Map();
  const named = async (rows: Promise<{ key: string; label: string }[]>) =>
    new Map((await rows).map((row) => [row.key, row.label]));
  switch (groupBy) {
    case "tenant":
      return named(sql`select id::text as key, name as label from tenants where id = any(${ids}::uuid[])`);
    case "campaign": {
      const labels = await named(
        sql`select id::text as key, name as label from campaigns where id = any(${ids}::uuid[])`,
      );
      return labels.set(nilId, "–");
    }
    case "sender":
      return named(sql`select id::text as key, name as label from senders where id = any(${ids}::uuid[])`);
    case "operator":
      return named(sql`select id as key, name as label from operators where id = any(${ids}::text[])`);
    case "order":
      return named(sql`select id::text as key, number as label from orders where id = any(${ids}::uuid[])`);
  }
}
