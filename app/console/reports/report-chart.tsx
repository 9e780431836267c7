/** A report as a picture: a line over days, or bars of the largest rows. */
import { getLocale, getTranslations } from "next-intl/server";
import { Card } from "#app/_ui/card.tsx";
import { Chart, type Datum } from "#app/_ui/chart.tsx";
import type { Grouping } from "#app/console/reports/filters.ts";
import { type DayRange, dayCount, daysOf } from "#app/console/reports/range.ts";
import type { Counts } from "#server/domain/reports/summary.ts";

type Named = Counts & { key: string; name: string };

const shownBars = 10;
/** From here on two days of one chart could have the same day and month. */
const daysOfYear = 365;

export async function ReportChart({ by, range, rows }: { by: Grouping; range: DayRange; rows: readonly Named[] }) {
  const t = await getTranslations("reports");
  const isOverTime = by === "day" && dayCount(range) > 1;
  const isCut = by !== "day" && rows.length > shownBars;
  return (
    <Card title={t(`chart.${by}`)} description={isCut ? t("largestShown", { count: shownBars }) : undefined}>
      {isOverTime ? (
        <DayChart label={t("chart.day")} range={range} rows={rows} />
      ) : (
        <OutcomeBars label={t(`chart.${by}`)} rows={rows.slice(0, shownBars)} />
      )}
    </Card>
  );
}

type DayChartProps = { label: string; range: DayRange; rows: readonly (Counts & { key: string })[] };

/** Accepted, delivered and failed; days without traffic are zero, not missing. */
export async function DayChart({ label, range, rows }: DayChartProps) {
  const [t, locale] = await Promise.all([getTranslations("reports"), getLocale()]);
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const year = dayCount(range) >= daysOfYear ? ({ year: "numeric" } as const) : {};
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC", ...year });
  const data = daysOf(range).map((day): Datum => {
    const { accepted = 0, delivered = 0, failed = 0 } = byDay.get(day) ?? {};
    return { label: format.format(new Date(day)), accepted, delivered, failed };
  });
  return (
    <Chart
      label={label}
      data={data}
      series={[
        { key: "accepted", label: t("accepted"), color: "6" },
        { key: "delivered", label: t("delivered"), color: "2" },
        { key: "failed", label: t("failed"), color: "4" },
      ]}
    />
  );
}

/** What became of what was accepted: the parts of a bar add up to it. */
async function OutcomeBars({ label, rows }: { label: string; rows: readonly Named[] }) {
  const t = await getTranslations("reports");
  const labels = uniqueLabels(rows.map((row) => row.name));
  const data = rows.map((row, at): Datum => {
    const { accepted, delivered, failed } = row;
    return { label: labels[at] ?? row.key, delivered, failed, open: Math.max(0, accepted - delivered - failed) };
  });
  return (
    <Chart
      kind="bar"
      stacked
      label={label}
      data={data}
      series={[
        { key: "delivered", label: t("delivered"), color: "2" },
        { key: "failed", label: t("failed"), color: "4" },
        { key: "open", label: t("underWay"), color: "6" },
      ]}
    />
  );
}

/** Two tenants may have a sender of the same name; a chart needs to tell its bars apart. */
function uniqueLabels(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}
