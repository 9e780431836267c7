/** A page of a list's recipients, with the variables that the file gave them. */
import { Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import type { RecipientList } from "#server/domain/contacts/scope.ts";

type RowsProps = { list: RecipientList; after: number; query: SearchParams };

/** Enough to see what the file gave. */
const pageRows = 25;
/** More columns than these are read in the file itself. */
const shownFields = 6;

export async function RecipientRows({ list, after, query }: RowsProps) {
  const [caller, t] = await Promise.all([api(), getTranslations("contacts")]);
  const [page, operators] = await Promise.all([
    caller.contacts.recipients({ id: list.id, after, limit: pageRows }),
    caller.routing.operators(),
  ]);
  const names = new Map(operators.map((operator) => [operator.id, operator.name]));
  return (
    <>
      <Table
        scroll
        caption={t("recipientsTab")}
        columns={[
          { key: "number", header: t("number"), cell: (row) => <span className="font-mono">+{row.msisdn}</span> },
          {
            key: "operator",
            header: t("operator"),
            cell: (row) => names.get(row.operatorId ?? "") ?? row.operatorId,
          },
          ...list.fields.slice(0, shownFields).map((field) => ({
            key: `field ${field}`,
            header: field,
            cell: (row: (typeof page.items)[number]) => (
              <span className="block max-w-56 truncate">{row.fields[field]}</span>
            ),
          })),
        ]}
        rows={page.items}
        rowKey={(row) => String(row.ordinal)}
        empty={<EmptyState icon={Users} title={t("noRecipients")} description={t("noRecipientsHint")} />}
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
