/** A tenant's keyword filters. */
import { Filter } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Badge } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { RowActions, Table } from "#app/_ui/table.tsx";
import { DeleteFilter } from "#app/console/moderation/policy/delete-filter.tsx";
import type { KeywordFilter } from "#server/domain/moderation/filters.ts";

type FilterTableProps = { filters: KeywordFilter[]; mayWrite: boolean; add: ReactNode };

export async function FilterTable({ filters, mayWrite, add }: FilterTableProps) {
  const [t, ui] = await Promise.all([getTranslations("moderation"), getTranslations("ui")]);
  const actions = {
    key: "actions",
    header: ui("actions"),
    align: "right" as const,
    cell: (row: KeywordFilter) =>
      row.isSetAbove ? (
        t("setByProvider")
      ) : (
        <RowActions>
          <DeleteFilter filter={{ id: row.id, phrase: row.phrase }} />
        </RowActions>
      ),
  };
  return (
    <Table
      caption={t("filters")}
      columns={[
        { key: "phrase", header: t("phrase"), cell: (row) => row.phrase },
        {
          key: "action",
          header: t("action"),
          cell: (row) => (
            <Badge tone={row.action === "block" ? "danger" : "warning"}>{t(`actionShort.${row.action}`)}</Badge>
          ),
        },
        {
          key: "created",
          header: t("added"),
          cell: (row) => <DateTime value={row.createdAt} precision="day" />,
          wideOnly: true,
        },
        ...(mayWrite ? [actions] : []),
      ]}
      rows={filters}
      rowKey={(row) => row.id}
      empty={<EmptyState icon={Filter} title={t("noFilters")} description={t("noFiltersHint")} action={add} />}
    />
  );
}
