/** The tenant's recipient lists. */
import { ContactRound, Upload } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { type Column, Table } from "#app/_ui/table.tsx";
import { ListStatus } from "#app/console/recipients/list-status.tsx";
import { RecipientsTabs } from "#app/console/recipients/recipients-tabs.tsx";
import type { RecipientList } from "#server/domain/contacts/scope.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("contacts"))("title") };
}

export default async function RecipientsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("contacts.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("contacts")]);
  const page = await caller.contacts.lists({ cursor: idParam(params.cursor) });
  const upload = viewer.may("contacts.write") ? (
    <ButtonLink look="primary" href="/console/recipients/new" icon={<Upload aria-hidden />}>
      {t("upload")}
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={upload} />
      <RecipientsTabs current="/console/recipients" />
      <Table
        caption={t("lists")}
        columns={await columns()}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/recipients/${row.id}`}
        empty={<EmptyState icon={ContactRound} title={t("none")} description={t("noneHint")} action={upload} />}
      />
      <Pager path="/console/recipients" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

async function columns(): Promise<Column<RecipientList>[]> {
  const t = await getTranslations("contacts");
  return [
    { key: "name", header: t("name"), cell: (row) => <span className="block truncate">{row.name}</span> },
    { key: "status", header: t("status"), cell: (row) => <ListStatus status={row.status} /> },
    {
      key: "accepted",
      header: t("accepted"),
      align: "right",
      cell: (row) => <Count value={row.acceptedCount} className="text-ink" />,
    },
    {
      key: "rejected",
      header: t("rejected"),
      align: "right",
      cell: (row) => <Count value={row.invalidCount + row.duplicateCount + row.optedOutCount} />,
    },
    {
      key: "file",
      header: t("file"),
      cell: (row) => <span className="block truncate">{row.fileName}</span>,
      wideOnly: true,
    },
    { key: "created", header: t("uploadedOn"), cell: (row) => <DateTime value={row.createdAt} hideZone /> },
  ];
}
