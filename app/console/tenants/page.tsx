/** The actor's tenant and everything below it, as a tree. */
import { Network } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { tenantColumns } from "#app/console/tenants/columns.tsx";
import { CreateTenant } from "#app/console/tenants/create-tenant.tsx";
import { inTreeOrder } from "#app/console/tenants/tree.ts";

const kinds = ["company", "partner", "subaccount"] as const;
const statuses = ["active", "suspended"] as const;

export async function generateMetadata() {
  return { title: (await getTranslations("tenants"))("title") };
}

export default async function TenantsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("tenants.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("tenants"),
    getTranslations("ui"),
  ]);
  const all = inTreeOrder(await caller.tenants.list(), viewer.tenant.id);
  const query = single(params.q)?.toLowerCase();
  const kind = oneOf(params.kind, kinds);
  const status = oneOf(params.status, statuses);
  const rows = all.filter(
    (row) =>
      (!query || row.name.toLowerCase().includes(query) || row.id === query) &&
      (!kind || row.kind === kind) &&
      (!status || row.status === status),
  );
  const parents = all.map((row) => ({ value: row.id, label: row.name, kind: row.kind }));
  const create = viewer.may("tenants.write") ? <CreateTenant parents={parents} within={viewer.tenant} /> : null;
  const isFiltered = query !== undefined || kind !== undefined || status !== undefined;
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={create} />
      <FilterBar
        filters={[
          { kind: "search", name: "q", label: t("search") },
          {
            kind: "select",
            name: "kind",
            label: t("kindLabel"),
            options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
          },
          {
            kind: "select",
            name: "status",
            label: t("status"),
            options: statuses.map((value) => ({ value, label: ui(`status.${value}`) })),
          },
        ]}
      />
      <Table
        caption={t("title")}
        columns={await tenantColumns(viewer.tenant.id)}
        rows={isFiltered ? rows.map((row) => ({ ...row, depth: 0 })) : rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/tenants/${row.id}`}
        empty={<EmptyState icon={Network} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />}
      />
      {!isFiltered && all.length === 1 ? (
        <div className="pt-4">
          <EmptyState icon={Network} title={t("none")} description={t("noneHint")} action={create} />
        </div>
      ) : null}
    </>
  );
}
