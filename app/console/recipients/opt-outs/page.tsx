/** Numbers whose owners want no more bulk messages from the tenant. */
import { BellOff } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";
import { type Column, RowActions, Table } from "#app/_ui/table.tsx";
import { AddOptOuts } from "#app/console/recipients/opt-outs/add-opt-outs.tsx";
import { ImportOptOuts } from "#app/console/recipients/opt-outs/import-opt-outs.tsx";
import { RemoveOptOut } from "#app/console/recipients/opt-outs/remove-opt-out.tsx";
import { RecipientsTabs } from "#app/console/recipients/recipients-tabs.tsx";
import type { OptOut } from "#server/domain/contacts/opt-out-rows.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("contacts"))("optOuts") };
}

export default async function OptOutsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("contacts.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("contacts"),
    getTranslations("ui"),
  ]);
  const search = single(params.q)?.slice(0, 32);
  const cursor = /^\d{1,15}$/.exec(single(params.cursor) ?? "")?.[0];
  const page = await caller.contacts.optOuts({ search, cursor });
  const mayWrite = viewer.may("contacts.write");
  const actions = mayWrite ? (
    <>
      <ImportOptOuts country={viewer.tenant.country} />
      <AddOptOuts country={viewer.tenant.country} />
    </>
  ) : null;
  return (
    <>
      <PageHeader title={t("title")} description={t("optOutsLead")} actions={actions} />
      <RecipientsTabs current="/console/recipients/opt-outs" />
      <FilterBar filters={[{ kind: "search", name: "q", label: t("searchNumber") }]} />
      {page.total > 0 ? <p className="pb-2 text-ink-faint text-xs">{t("optOutCount", { count: page.total })}</p> : null}
      <Table
        caption={t("optOuts")}
        columns={await columns(mayWrite)}
        rows={page.items}
        rowKey={(row) => row.msisdn}
        empty={
          search ? (
            <EmptyState icon={BellOff} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />
          ) : (
            <EmptyState icon={BellOff} title={t("noOptOuts")} description={t("noOptOutsHint")} action={actions} />
          )
        }
      />
      <Pager
        path="/console/recipients/opt-outs"
        params={params}
        nextCursor={page.nextCursor}
        count={page.items.length}
      />
    </>
  );
}

async function columns(mayWrite: boolean): Promise<Column<OptOut>[]> {
  const [t, ui] = await Promise.all([getTranslations("contacts"), getTranslations("ui")]);
  const actions: Column<OptOut> = {
    key: "actions",
    header: ui("actions"),
    align: "right",
    cell: (row) => (
      <RowActions>
        <RemoveOptOut msisdn={row.msisdn} />
      </RowActions>
    ),
  };
  return [
    { key: "number", header: t("number"), cell: (row) => <span className="font-mono">+{row.msisdn}</span> },
    {
      key: "source",
      header: t("source"),
      cell: (row) => (t.has(`optOutSource.${row.source}`) ? t(`optOutSource.${row.source}`) : row.source),
    },
    { key: "note", header: t("note"), cell: (row) => <span className="block truncate">{row.note ?? "–"}</span> },
    { key: "since", header: t("since"), cell: (row) => <DateTime value={row.createdAt} hideZone />, wideOnly: true },
    ...(mayWrite ? [actions] : []),
  ];
}
