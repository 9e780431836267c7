/** The tenant's price lists: what it asks its buyers for a part. */
import { Tags } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { type Column, Table } from "#app/_ui/table.tsx";
import { CreatePriceList } from "#app/console/price-lists/create-price-list.tsx";
import type { PriceListWithUse } from "#server/domain/pricing/list-lists.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("prices"))("title") };
}

export default async function PriceListsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("prices.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("prices")]);
  const page = await caller.prices.list({ cursor: idParam(params.cursor) });
  const create = viewer.may("prices.write") ? <CreatePriceList currency={viewer.tenant.currency} /> : null;
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={create} />
      <Table
        caption={t("title")}
        columns={await columns()}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/price-lists/${row.id}`}
        empty={<EmptyState icon={Tags} title={t("none")} description={t("noneHint")} action={create} />}
      />
      <Pager path="/console/price-lists" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

async function columns(): Promise<Column<PriceListWithUse>[]> {
  const t = await getTranslations("prices");
  return [
    { key: "name", header: t("name"), cell: (row) => row.name },
    { key: "currency", header: t("currency"), cell: (row) => row.currency },
    { key: "postOn", header: t("postOnLabel"), cell: (row) => t(`postOn.${row.postOn}`) },
    { key: "lines", header: t("prices"), align: "right", cell: (row) => <Count value={row.lineCount} /> },
    { key: "orders", header: t("usedBy"), align: "right", cell: (row) => <Count value={row.orderCount} /> },
    {
      key: "updated",
      header: t("updated"),
      cell: (row) => <DateTime value={row.updatedAt} precision="day" />,
      wideOnly: true,
    },
  ];
}
