/** The figures of the first page: 30 days as a series, the parts of it that matter, and what is left to use. */
import { type Dashboard, dashboard as schema } from "#server/domain/reports/input.ts";
import { type OrderBalance, ownBalances } from "#server/domain/reports/order-use.ts";
import { rangeOf } from "#server/domain/reports/scoped-rollups.ts";
import { type Counts, type Money, type SummaryRow, summarise } from "#server/domain/reports/summary.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Period = Counts & {
  money: Money[];
  /** Delivered of all whose end is known, 0 to 1; null when there is none. */
  deliveryRate: number | null;
};
export type DashboardFigures = {
  today: Period;
  last7Days: Period;
  last30Days: Period;
  /** Thirty days, those without traffic too. */
  series: (Counts & { day: string })[];
  topSenders: SummaryRow[];
  topOperators: SummaryRow[];
  /** Branches of the viewer's tree. */
  topTenants: SummaryRow[];
  /** The viewer's own running purchases. */
  orders: OrderBalance[];
};

const dayMs = 86_400_000;
const shown = 5;

export async function getDashboard(ctx: Context, input: Dashboard): Promise<DashboardFigures> {
  allow(ctx, "reports.read");
  const { tenantId } = parse(schema, input);
  const range = rangeOf(ctx.clock.now(), {});
  const weekStart = new Date(Date.parse(range.to) - 6 * dayMs).toISOString().slice(0, 10);
  return inTransaction(ctx, async (ctx) => {
    const days = await summarise(ctx, { ...range, tenantId, groupBy: "day" });
    const top = async (groupBy: "sender" | "operator" | "tenant") =>
      (await summarise(ctx, { ...range, tenantId, groupBy })).rows.slice(0, shown);
    return {
      today: periodOf(days.rows, range.to),
      last7Days: periodOf(days.rows, weekStart),
      last30Days: periodOf(days.rows, range.from),
      series: seriesOf(days.rows, range.from),
      topSenders: await top("sender"),
      topOperators: await top("operator"),
      topTenants: await top("tenant"),
      orders: await ownBalances(ctx),
    };
  });
}

const noCounts: Counts = { accepted: 0, sent: 0, delivered: 0, failed: 0, unknown: 0, parts: 0 };

function periodOf(rows: readonly SummaryRow[], from: string): Period {
  const sum = { ...noCounts };
  const money = new Map<string, Money>();
  for (const row of rows) {
    if (row.key < from) continue;
    for (const name of Object.keys(noCounts) as (keyof Counts)[]) sum[name] += row[name];
    for (const entry of row.money) money.set(entry.currency, addMoney(money.get(entry.currency), entry));
  }
  const ended = sum.delivered + sum.failed;
  return { ...sum, money: [...money.values()], deliveryRate: ended > 0 ? sum.delivered / ended : null };
}

function addMoney(a: Money | undefined, b: Money): Money {
  if (!a) return b;
  return {
    currency: a.currency,
    revenueMicros: a.revenueMicros + b.revenueMicros,
    costMicros: a.costMicros + b.costMicros,
    marginMicros: a.marginMicros + b.marginMicros,
    heldRevenueMicros: a.heldRevenueMicros + b.heldRevenueMicros,
    heldCostMicros: a.heldCostMicros + b.heldCostMicros,
  };
}

function seriesOf(rows: readonly SummaryRow[], from: string): DashboardFigures["series"] {
  const byDay = new Map(rows.map((row) => [row.key, row]));
  return Array.from({ length: 30 }, (_, i) => {
    const day = new Date(Date.parse(from) + i * dayMs).toISOString().slice(0, 10);
    const { accepted, sent, delivered, failed, unknown, parts } = byDay.get(day) ?? noCounts;
    return { day, accepted, sent, delivered, failed, unknown, parts };
  });
}
