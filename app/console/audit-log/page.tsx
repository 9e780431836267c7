/** Who did what, when, to what: of the actor's tenant and everybody below it. */
import { Download, ScrollText } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink, buttonLook } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { type Filter, FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { hrefWith, idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { auditColumns } from "#app/console/audit-log/columns.tsx";
import { auditExportHref, auditFilters, auditRooms } from "#app/console/audit-log/filters.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("audit"))("title") };
}

export default async function AuditLogPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("audit.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("audit")]);
  const filters = auditFilters(params, viewer.tenant.timeZone);
  const [page, tenants] = await Promise.all([
    found(caller.audit.list({ ...filters, cursor: idParam(params.cursor) })),
    caller.tenants.list(),
  ]);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("lead")}
        actions={
          <a className={buttonLook({})} href={auditExportHref(filters)} download>
            <Download aria-hidden />
            {t("exportCsv")}
          </a>
        }
      />
      <FilterBar filters={await filterBoxes(tenants)} />
      <Narrowed params={params} />
      <Table
        caption={t("title")}
        columns={await auditColumns(tenants.length > 1, viewer.tenant.parentId === null)}
        rows={page.items}
        rowKey={(row) => row.id}
        empty={
          <EmptyState
            icon={ScrollText}
            title={t(isFiltered ? "noneFound" : "none")}
            description={t(isFiltered ? "noneFoundHint" : "noneHint")}
          />
        }
      />
      <Pager path="/console/audit-log" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

async function filterBoxes(tenants: { id: string; name: string }[]): Promise<Filter[]> {
  const t = await getTranslations("audit");
  const ofTenants: Filter = {
    kind: "select",
    name: "tenant",
    label: t("tenant"),
    options: tenants.map((row) => ({ value: row.id, label: row.name })),
  };
  return [
    {
      kind: "select",
      name: "room",
      label: t("room"),
      options: auditRooms.map((value) => ({ value, label: t(`rooms.${value}`) })),
    },
    { kind: "search", name: "subject", label: t("subjectId") },
    ...(tenants.length > 1 ? [ofTenants] : []),
    { kind: "date", name: "from", label: t("from") },
    { kind: "date", name: "to", label: t("until") },
  ];
}

/** The filters without a box: they come from an entry's own links. */
async function Narrowed({ params }: { params: SearchParams }) {
  const t = await getTranslations("audit");
  if (!params.actor && !params.action) return null;
  return (
    <p className="pb-2 text-ink-faint text-xs">
      {t(params.actor ? "oneActor" : "oneAction")}{" "}
      <ButtonLink
        look="link"
        size="sm"
        href={hrefWith("/console/audit-log", params, {
          actor: undefined,
          action: undefined,
          cursor: undefined,
          trail: undefined,
        })}
      >
        {t("showAll")}
      </ButtonLink>
    </p>
  );
}
