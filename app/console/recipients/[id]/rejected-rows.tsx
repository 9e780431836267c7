/** A page of the rows that were not taken, as they stood in the file, with the reason of each. */
import { CircleCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Count } from "#app/_ui/money.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import type { RecipientList } from "#server/domain/contacts/scope.ts";

type RowsProps = { list: RecipientList; after: number; query: SearchParams };

export async function RejectedRows({ list, after, query }: RowsProps) {
  const [caller, t] = await Promise.all([api(), getTranslations("contacts")]);
  const page = await caller.contacts.rejectedRows({ id: list.id, after });
  const noteOf = (detail: string | null) => {
    const twin = /^row (\d+)$/.exec(detail ?? "")?.[1];
    if (twin) return t("sameAsRow", { row: twin });
    return detail && t.has(`rejectDetail.${detail}`) ? t(`rejectDetail.${detail}`) : "";
  };
  return (
    <>
      <Table
        caption={t("rejected")}
        columns={[
          { key: "row", header: t("rowInFile"), cell: (row) => <Count value={row.rowNumber} /> },
          {
            key: "value",
            header: t("valueInFile"),
            cell: (row) => <span className="break-all font-mono">{row.value || "–"}</span>,
          },
          {
            key: "reason",
            header: t("reason"),
            cell: (row) => [t(`rejectReason.${row.reason}`), noteOf(row.detail)].filter(Boolean).join(" · "),
          },
        ]}
        rows={page.items}
        rowKey={(row) => String(row.rowNumber)}
        empty={<EmptyState icon={CircleCheck} title={t("noneRejected")} description={t("noneRejectedHint")} />}
      />
      <Pager
        path={`/console/recipients/${list.id}`}
        params={query}
        nextCursor={page.nextAfter === null ? null : String(page.nextAfter)}
        count={page.items.length}
      />
    </>
  );
}
