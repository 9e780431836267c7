/** Reports: one summary of the subtree's traffic, grouped, narrowed and drilled into by its address. */
import { ChartNoAxesCombined, Download } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission, type Viewer } from "#app/_trpc/viewer.ts";
import { ButtonLink, buttonLook } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { FiguresNote } from "#app/console/reports/figures-note.tsx";
import { filterBoxes } from "#app/console/reports/filter-boxes.ts";
import { exportHref, isNarrowed, type ReportFilters, reportFilters, reportHref } from "#app/console/reports/filters.ts";
import { PeriodLinks } from "#app/console/reports/period-links.tsx";
import { dayCount, presetRange, presets, utcDay } from "#app/console/reports/range.ts";
import { ReportChart } from "#app/console/reports/report-chart.tsx";
import { ReportTable, rowNames } from "#app/console/reports/report-table.tsx";
import { groupings } from "#server/domain/reports/input.ts";

/** What the verb reads at most; see server/domain/reports/scoped-rollups.ts. */
const maxDays = 400;

export async function generateMetadata() {
  return { title: (await getTranslations("reports"))("title") };
}

export default async function ReportsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("reports.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("reports")]);
  const readAt = new Date();
  const today = utcDay(readAt);
  const filters = reportFilters(params, today);
  const tenants = await caller.tenants.list();
  const tabs = groupings.filter((by) => by !== "tenant" || tenants.length > 1);
  const isReadable = dayCount(filters) >= 1 && dayCount(filters) <= maxDays;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("lead")}
        actions={
          isReadable ? (
            <a className={buttonLook({})} href={exportHref(filters)} download>
              <Download aria-hidden />
              {t("exportCsv")}
            </a>
          ) : null
        }
      />
      <TabLinks
        label={t("groupBy")}
        tabs={tabs.map((by) => ({ href: reportHref(filters, { groupBy: by }), label: t(`by.${by}`) }))}
        current={reportHref(filters)}
      />
      <div className="pb-3">
        <Presets filters={filters} today={today} />
      </div>
      <FilterBar filters={await filterBoxes(filters, tenants)} />
      {isReadable ? (
        <Report viewer={viewer} filters={filters} readAt={readAt} />
      ) : (
        <Callout kind="danger" title={t("badRange")}>
          {t("badRangeHint", { days: maxDays })}
        </Callout>
      )}
    </>
  );
}

async function Presets({ filters, today }: { filters: ReportFilters; today: string }) {
  const t = await getTranslations("reports");
  const periods = presets.map((preset) => {
    const range = presetRange(preset, today);
    const isCurrent = range.from === filters.from && range.to === filters.to;
    return { key: preset, label: t(`preset.${preset}`), href: reportHref(filters, range), isCurrent };
  });
  return <PeriodLinks label={t("period")} periods={periods} />;
}

type ReportProps = { viewer: Viewer; filters: ReportFilters; readAt: Date };

async function Report({ viewer, filters, readAt }: ReportProps) {
  const caller = await api();
  const report = await found(caller.reports.summary(filters));
  const { groupBy } = filters;
  if (report.rows.length === 0) return <NoFigures viewer={viewer} filters={filters} />;
  const nameOf = await rowNames(groupBy, viewer.tenant.id);
  return (
    <div className="flex flex-col gap-4">
      <ReportChart by={groupBy} range={filters} rows={report.rows.map((row) => ({ ...row, name: nameOf(row) }))} />
      <div>
        <ReportTable report={report} filters={filters} viewerTenantId={viewer.tenant.id} />
      </div>
      <FiguresNote readAt={readAt}>
        <OrderNote by={groupBy} />
      </FiguresNote>
    </div>
  );
}

/** A message that a tenant buys and sells on passes two of its orders. */
async function OrderNote({ by }: { by: ReportFilters["groupBy"] }) {
  const t = await getTranslations("reports");
  return by === "order" ? <p>{t("ordersOverlap")}</p> : null;
}

async function NoFigures({ viewer, filters }: { viewer: Viewer; filters: ReportFilters }) {
  const t = await getTranslations("reports");
  const { from, to, groupBy } = filters;
  const isFiltered = isNarrowed(filters);
  return (
    <EmptyState
      icon={ChartNoAxesCombined}
      title={isFiltered ? t("noneMatch") : t("none")}
      description={isFiltered ? t("noneMatchHint") : t("noneHint")}
      action={
        isFiltered ? (
          <ButtonLink href={reportHref({ from, to, groupBy })}>{t("allTraffic")}</ButtonLink>
        ) : viewer.may("messages.send") ? (
          <ButtonLink look="primary" href="/console/messages/send">
            {t("sendFirst")}
          </ButtonLink>
        ) : null
      }
    />
  );
}
