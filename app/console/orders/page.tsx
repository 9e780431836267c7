/** Orders: what the tenant sells, what it buys, and what is sold below it. */
import { ReceiptText } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission, type Viewer } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { type Filter, FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { orderColumns } from "#app/console/orders/columns.tsx";
import { NewOrderAction } from "#app/console/orders/new-order-action.tsx";
import { orderStatus } from "#server/domain/orders/input.ts";

type Tab = "sold" | "bought" | "below";
const sides = { sold: ["buyer"], bought: ["seller"], below: ["seller", "buyer"] } as const;
const roles = { sold: "seller", bought: "buyer", below: undefined } as const;

export async function generateMetadata() {
  return { title: (await getTranslations("orders"))("title") };
}

export default async function OrdersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("orders.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("orders")]);
  const tabs = tabsOf(viewer);
  const tab = oneOf(params.tab, tabs) ?? tabs[0] ?? "bought";
  const status = oneOf(params.status, orderStatus.options);
  const counterpartyId = tab === "bought" ? undefined : idParam(params.counterparty);
  const [page, tenants, columns] = await Promise.all([
    caller.orders.list({
      role: roles[tab],
      status: status ? [status] : undefined,
      counterpartyId,
      cursor: idParam(params.cursor),
    }),
    caller.tenants.list(),
    orderColumns(sides[tab]),
  ]);
  const buyers = tenants.filter((row) =>
    tab === "sold" ? row.parentId === viewer.tenant.id : row.id !== viewer.tenant.id,
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={tab === "bought" ? null : <NewOrderAction />} />
      <TabLinks
        label={t("title")}
        tabs={tabs.map((value) => ({ href: `/console/orders?tab=${value}`, label: t(`tab.${value}`) }))}
        current={`/console/orders?tab=${tab}`}
      />
      <FilterBar filters={await filtersOf(tab, buyers)} />
      <Table
        caption={t(`tab.${tab}`)}
        columns={columns}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/orders/${row.id}`}
        empty={<NoOrders tab={tab} isFiltered={status !== undefined || counterpartyId !== undefined} />}
      />
      <Pager path="/console/orders" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

/** A root buys from nobody; a sub-account usually sells to nobody, so its purchases come first. */
function tabsOf({ tenant }: Viewer): Tab[] {
  if (tenant.kind === "subaccount") return ["bought", "sold"];
  return tenant.parentId === null ? ["sold", "below"] : ["sold", "bought", "below"];
}

async function filtersOf(tab: Tab, buyers: { id: string; name: string }[]): Promise<Filter[]> {
  const [t, ui] = await Promise.all([getTranslations("orders"), getTranslations("ui")]);
  const status: Filter = {
    kind: "select",
    name: "status",
    label: t("status"),
    options: orderStatus.options
      .filter((value) => tab !== "bought" || value !== "draft")
      .map((value) => ({ value, label: ui(`status.${value}`) })),
  };
  if (tab === "bought") return [status];
  const options = buyers.map((buyer) => ({ value: buyer.id, label: buyer.name }));
  const counterparty: Filter = {
    kind: "select",
    name: "counterparty",
    label: t(tab === "sold" ? "buyer" : "counterparty"),
    options,
  };
  return [counterparty, status];
}

async function NoOrders({ tab, isFiltered }: { tab: Tab; isFiltered: boolean }) {
  const [t, ui] = await Promise.all([getTranslations("orders"), getTranslations("ui")]);
  if (isFiltered) {
    return <EmptyState icon={ReceiptText} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />;
  }
  return (
    <EmptyState
      icon={ReceiptText}
      title={t(`none.${tab}`)}
      description={t(`noneHint.${tab}`)}
      action={tab === "sold" ? <NewOrderAction /> : null}
    />
  );
}
