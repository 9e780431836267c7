/** The rows of a report, each a link to what stands behind it, with the total below them. */
import { getFormatter, getTranslations } from "next-intl/server";
import { Callout } from "#app/_ui/callout.tsx";
import { Table } from "#app/_ui/table.tsx";
import { heldAmounts } from "#app/console/reports/amounts.tsx";
import { drillHref, type ReportFilters } from "#app/console/reports/filters.ts";
import { type ReportRow, reportColumns, sidesOf } from "#app/console/reports/report-columns.tsx";
import type { Money, SummaryResult, SummaryRow } from "#server/domain/reports/summary.ts";
import { nilId } from "#server/kernel/id.ts";

const totalKey = "total";

type ReportTableProps = { report: SummaryResult; filters: ReportFilters; viewerTenantId: string };

export async function ReportTable({ report, filters, viewerTenantId }: ReportTableProps) {
  const { groupBy } = filters;
  const [t, columns, nameOf] = await Promise.all([
    getTranslations("reports"),
    reportColumns(groupBy, report.total.money),
    rowNames(groupBy, viewerTenantId),
  ]);
  const total: ReportRow = { ...report.total, key: totalKey, label: t("total") };
  const named: ReportRow[] = report.rows.map((row) => ({ ...row, label: nameOf(row) }));
  // The newest day is what people look for first.
  const rows = [...(groupBy === "day" ? named.toReversed() : named), total];
  return (
    <>
      {report.isCut ? <Callout className="mb-3">{t("cut", { count: report.rows.length })}</Callout> : null}
      <Table
        scroll
        caption={t(`chart.${groupBy}`)}
        columns={columns.map((column) => ({
          ...column,
          cell: (row: ReportRow) =>
            row.key === totalKey ? (
              <strong className="font-semibold text-ink">{column.cell(row)}</strong>
            ) : (
              column.cell(row)
            ),
        }))}
        rows={rows}
        rowKey={(row) => row.key}
        rowHref={(row) => (row.key === totalKey ? "" : (drillHref(filters, row.key, viewerTenantId) ?? ""))}
        empty={null}
        footer={<Held money={report.total.money} />}
      />
    </>
  );
}

/** The row's name in the viewer's words: days as dates, its own traffic and messages without a campaign by what they are. */
export async function rowNames(by: ReportFilters["groupBy"], viewerTenantId: string) {
  const [t, format] = await Promise.all([getTranslations("reports"), getFormatter()]);
  return (row: SummaryRow): string => {
    if (by === "day") {
      const date = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
      return format.dateTime(new Date(row.key), date);
    }
    if (by === "campaign" && row.key === nilId) return t("noCampaign");
    if (by === "tenant" && row.key === viewerTenantId) return t("ownTraffic", { name: row.label });
    return row.label;
  };
}

async function Held({ money }: { money: readonly Money[] }) {
  const t = await getTranslations("reports");
  const held = sidesOf(money)
    .filter((side) => side !== "margin")
    .map((side) => ({ side, amounts: heldAmounts(money, side) }))
    .filter(({ amounts }) => amounts !== null);
  if (held.length === 0) return <p className="text-ink-faint text-xs">{t("moneyIsFinal")}</p>;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-ink-faint text-xs">
      <span>{t("moneyIsFinal")}</span>
      {held.map(({ side, amounts }) => (
        <span key={side}>
          {t(`held.${side}`)} {amounts}
        </span>
      ))}
    </p>
  );
}
