/** The period's traffic: a line over its days; for one day, what became of its messages. */
import { getLocale, getTranslations } from "next-intl/server";
import { Card } from "#app/_ui/card.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { StackedBar } from "#app/_ui/progress-bar.tsx";
import type { Period } from "#app/console/_dashboard/period.ts";
import { DayChart } from "#app/console/reports/report-chart.tsx";
import type { Counts, SummaryResult } from "#server/domain/reports/summary.ts";

export async function TrafficChart({ period, report }: { period: Period; report: SummaryResult }) {
  const t = await getTranslations("dashboard");
  if (report.total.accepted === 0) return <EmptyState title={t("quiet")} description={t("quietHint")} />;
  return (
    <Card title={t("traffic")} description={t(period.days === "1" ? "trafficToday" : "trafficByDay")}>
      {period.days === "1" ? (
        <Outcomes counts={report.total} />
      ) : (
        <DayChart label={t("traffic")} range={period} rows={report.rows} />
      )}
    </Card>
  );
}

/** One day has no course in counters of days: its messages by outcome instead. */
async function Outcomes({ counts }: { counts: Counts }) {
  const [t, reports, locale] = await Promise.all([
    getTranslations("dashboard"),
    getTranslations("reports"),
    getLocale(),
  ]);
  const { accepted, delivered, failed, unknown } = counts;
  const format = new Intl.NumberFormat(locale);
  const part = (key: string, label: string, value: number, className: string) => ({
    key,
    label,
    value,
    className,
    text: format.format(value),
  });
  return (
    <StackedBar
      label={t("traffic")}
      parts={[
        part("delivered", reports("delivered"), delivered, "bg-chart-2"),
        part("failed", reports("failed"), failed, "bg-chart-4"),
        part("unknown", reports("unknown"), unknown, "bg-chart-3"),
        part("open", t("underWay"), Math.max(0, accepted - delivered - failed - unknown), "bg-chart-6"),
      ]}
    />
  );
}
