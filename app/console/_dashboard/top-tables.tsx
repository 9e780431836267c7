/** The largest senders, operators, branches and campaigns of the period, each row a filtered report. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Count, Percent } from "#app/_ui/money.tsx";
import { Table } from "#app/_ui/table.tsx";
import type { Period } from "#app/console/_dashboard/period.ts";
import { deliveryRate } from "#app/console/reports/amounts.tsx";
import { drillHref, type Grouping, reportHref } from "#app/console/reports/filters.ts";
import { scrolledCell } from "#app/console/reports/report-columns.tsx";
import { rowNames } from "#app/console/reports/report-table.tsx";

const shown = 5;

export async function TopTables({ viewer, period }: { viewer: Viewer; period: Period }) {
  const isLeaf = (await (await api()).tenants.list()).length === 1;
  const groupings: Grouping[] = ["sender", "operator", ...(isLeaf ? [] : (["tenant"] as const)), "campaign"];
  return (
    <div className="grid gap-5 xl:grid-cols-2">
      {groupings.map((groupBy) => (
        <TopTable key={groupBy} viewer={viewer} period={period} groupBy={groupBy} />
      ))}
    </div>
  );
}

async function TopTable({ viewer, period, groupBy }: { viewer: Viewer; period: Period; groupBy: Grouping }) {
  const [caller, t, reports, nameOf] = await Promise.all([
    api(),
    getTranslations("dashboard"),
    getTranslations("reports"),
    rowNames(groupBy, viewer.tenant.id),
  ]);
  const filters = { from: period.from, to: period.to, groupBy };
  const { rows } = await caller.reports.summary(filters);
  const title = t(`top.${groupBy}`);
  return (
    <div className="min-w-0">
      <div className="flex items-baseline justify-between gap-4 pb-2.5">
        <h2 className="font-semibold text-base">{title}</h2>
        <ButtonLink look="link" size="sm" href={reportHref(filters)} aria-label={t("allOf", { title })}>
          {t("all")}
        </ButtonLink>
      </div>
      <Table
        scroll
        caption={title}
        columns={[
          {
            key: "name",
            header: reports(`by.${groupBy}`),
            className: `w-full min-w-28 max-w-0 truncate ${scrolledCell}`,
            cell: (row) => nameOf(row),
          },
          {
            key: "accepted",
            header: reports("accepted"),
            align: "right",
            className: scrolledCell,
            cell: (row) => <Count value={row.accepted} />,
          },
          {
            key: "delivered",
            header: reports("delivered"),
            align: "right",
            className: scrolledCell,
            wideOnly: true,
            cell: (row) => <Count value={row.delivered} />,
          },
          {
            key: "rate",
            header: t("rate"),
            align: "right",
            className: scrolledCell,
            cell: (row) => <Percent share={deliveryRate(row)} />,
          },
        ]}
        rows={rows.slice(0, shown)}
        rowKey={(row) => row.key}
        rowHref={(row) => drillHref(filters, row.key, viewer.tenant.id) ?? ""}
        empty={<p className="rounded-lg border border-line border-dashed p-4 text-ink-faint text-sm">{t("quiet")}</p>}
      />
    </div>
  );
}
