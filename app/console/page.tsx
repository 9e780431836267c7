/** The dashboard: how the traffic goes, what is left to use, what waits; before the first message, the way to it. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { FigureTiles } from "#app/console/_dashboard/figure-tiles.tsx";
import { FirstSteps } from "#app/console/_dashboard/first-steps.tsx";
import { OwnOrders } from "#app/console/_dashboard/own-orders.tsx";
import { type Period, periodDays, periodHref, periodOfParams } from "#app/console/_dashboard/period.ts";
import { RunningCampaigns } from "#app/console/_dashboard/running-campaigns.tsx";
import { TopTables } from "#app/console/_dashboard/top-tables.tsx";
import { TrafficChart } from "#app/console/_dashboard/traffic-chart.tsx";
import { Waiting } from "#app/console/_dashboard/waiting.tsx";
import { FiguresNote } from "#app/console/reports/figures-note.tsx";
import { PeriodLinks } from "#app/console/reports/period-links.tsx";
import { lastDays, rangeBefore, utcDay } from "#app/console/reports/range.ts";
import type { SummaryResult } from "#server/domain/reports/summary.ts";

/** The longest range that a report reads: without a message in it, the tenant counts as new. */
const longestDays = 400;

export async function generateMetadata() {
  return { title: (await getTranslations("dashboard"))("title") };
}

export default async function DashboardPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requireViewer();
  const [params, t] = await Promise.all([searchParams, getTranslations("dashboard")]);
  const readAt = new Date();
  const period = periodOfParams(params, utcDay(readAt));
  const report = viewer.may("reports.read") ? await readReport(period) : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("hello", { name: viewer.user.name })}
        actions={report ? <Periods period={period} /> : null}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-5">
          {report ? <Traffic period={period} report={report} /> : <FirstSteps viewer={viewer} />}
        </div>
        <aside aria-label={t("aside")} className="flex min-w-0 flex-col gap-5">
          <Waiting viewer={viewer} />
          {viewer.may("campaigns.read") ? <RunningCampaigns /> : null}
          {viewer.tenant.parentId !== null && viewer.may("orders.read") ? <OwnOrders /> : null}
        </aside>
        {report ? (
          <div className="flex min-w-0 flex-col gap-5 lg:col-span-2">
            <TopTables viewer={viewer} period={period} />
            <FiguresNote readAt={readAt} />
          </div>
        ) : null}
      </div>
    </>
  );
}

/** The period by day; null when nothing was ever sent. */
async function readReport({ from, to }: Period): Promise<SummaryResult | null> {
  const { reports } = await api();
  const report = await reports.summary({ from, to, groupBy: "day" });
  if (report.total.accepted > 0) return report;
  const ever = await reports.summary(lastDays(to, longestDays));
  return ever.total.accepted > 0 ? report : null;
}

async function Periods({ period }: { period: Period }) {
  const t = await getTranslations("dashboard");
  const periods = periodDays.map((days) => ({
    key: days,
    label: t(`days${days}`),
    href: periodHref(days),
    isCurrent: days === period.days,
  }));
  return <PeriodLinks label={t("period")} periods={periods} />;
}

async function Traffic({ period, report }: { period: Period; report: SummaryResult }) {
  const { reports } = await api();
  // A day that has just begun says nothing against a whole one.
  const before = period.days === "1" ? null : await reports.summary(rangeBefore(period));
  return (
    <>
      <FigureTiles period={period} total={report.total} before={before?.total ?? null} />
      <TrafficChart period={period} report={report} />
    </>
  );
}
