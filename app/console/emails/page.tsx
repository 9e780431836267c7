/** E-mails that the platform wrote in the name of the tenant and those below it. */
import { Mails } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { type Column, Table } from "#app/_ui/table.tsx";
import type { EmailRow } from "#server/domain/notifications/list-emails.ts";

const statuses = ["queued", "sent", "kept", "failed"] as const;
const longestSearch = 100;

export async function generateMetadata() {
  return { title: (await getTranslations("emails"))("title") };
}

export default async function EmailsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requirePermission("emails.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("emails"),
    getTranslations("ui"),
  ]);
  const filters = {
    tenantId: idParam(params.tenant),
    search: single(params.q)?.slice(0, longestSearch),
    status: oneOf(params.status, statuses),
  };
  const [page, tenants] = await Promise.all([
    caller.emails.list({ ...filters, cursor: idParam(params.cursor) }),
    caller.tenants.list(),
  ]);
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} />
      <FilterBar
        filters={[
          { kind: "search", name: "q", label: t("search") },
          {
            kind: "select",
            name: "status",
            label: t("status"),
            options: statuses.map((value) => ({ value, label: ui(`status.${value}`) })),
          },
          ...(tenants.length > 1
            ? [
                {
                  kind: "select" as const,
                  name: "tenant",
                  label: t("tenant"),
                  options: tenants.map((row) => ({ value: row.id, label: row.name })),
                },
              ]
            : []),
        ]}
      />
      {page.items.some((row) => row.status === "kept") ? (
        <Callout className="mb-3" title={t("keptTitle")}>
          {t("keptText")}
        </Callout>
      ) : null}
      <Table
        caption={t("title")}
        columns={await emailColumns()}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/emails/${row.id}`}
        empty={
          isFiltered ? (
            <EmptyState icon={Mails} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />
          ) : (
            <EmptyState icon={Mails} title={t("none")} description={t("noneHint")} />
          )
        }
      />
      <Pager path="/console/emails" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

async function emailColumns(): Promise<Column<EmailRow>[]> {
  const t = await getTranslations("emails");
  return [
    { key: "subject", header: t("subject"), cell: (row) => <span className="block truncate">{row.subject}</span> },
    { key: "to", header: t("to"), cell: (row) => <span className="block truncate">{row.toAddress}</span> },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    {
      key: "tenant",
      header: t("tenant"),
      cell: (row) => <span className="block max-w-48 truncate">{row.tenantName}</span>,
      wideOnly: true,
    },
    { key: "created", header: t("created"), cell: (row) => <DateTime value={row.createdAt} /> },
  ];
}
