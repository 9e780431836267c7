/** One price list: its prices, and the orders that are charged by it. */
import { ReceiptText } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { orderColumns } from "#app/console/orders/columns.tsx";
import { DeletePriceList, RenamePriceList } from "#app/console/price-lists/[id]/list-actions.tsx";
import { PriceEditor } from "#app/console/price-lists/[id]/price-editor.tsx";
import { PriceTable } from "#app/console/price-lists/price-table.tsx";
import type { PriceListDetail } from "#server/domain/pricing/get-list.ts";

type PriceListPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

const ordersShown = 20;
const running = ["active", "nearly_used", "used_up"];

export async function generateMetadata({ params }: PriceListPageProps) {
  return { title: (await found((await api()).prices.get({ id: (await params).id }))).name };
}

export default async function PriceListPage({ params, searchParams }: PriceListPageProps) {
  const viewer = await requirePermission("prices.read");
  const [{ id }, search, caller, t] = await Promise.all([params, searchParams, api(), getTranslations("prices")]);
  const list = await found(caller.prices.get({ id }));
  const [orders, columns] = await Promise.all([
    caller.orders.list({ priceListId: id, cursor: idParam(search.cursor), limit: ordersShown }),
    orderColumns(["buyer"]),
  ]);
  const isUsed = orders.items.length > 0 || search.cursor !== undefined;
  const mayWrite = viewer.may("prices.write");
  const named = { id: list.id, name: list.name };
  return (
    <>
      <PageHeader
        title={list.name}
        description={t("listLead", { currency: list.currency })}
        crumbs={[{ label: t("title"), href: "/console/price-lists" }]}
        actions={
          mayWrite ? (
            <>
              {isUsed ? null : <DeletePriceList list={named} />}
              <RenamePriceList list={named} />
            </>
          ) : null
        }
      />
      <div className="flex flex-col gap-5">
        {orders.items.some((order) => running.includes(order.status)) ? (
          <Callout kind="warning">{t("inUse")}</Callout>
        ) : null}
        <ListFacts list={list} />
        {mayWrite ? (
          <EditablePrices list={list} country={viewer.tenant.country} />
        ) : (
          <PriceTable lines={list.items} currency={list.currency} />
        )}
        <section>
          <h2 className="pb-2.5 font-semibold text-base">{t("usedBy")}</h2>
          <Table
            caption={t("usedBy")}
            columns={columns}
            rows={orders.items}
            rowKey={(row) => row.id}
            rowHref={(row) => `/console/orders/${row.id}`}
            empty={<EmptyState icon={ReceiptText} title={t("unused")} description={t("unusedHint")} />}
          />
          <Pager
            path={`/console/price-lists/${id}`}
            params={search}
            nextCursor={orders.nextCursor}
            count={orders.items.length}
          />
        </section>
      </div>
    </>
  );
}

async function ListFacts({ list }: { list: PriceListDetail }) {
  const t = await getTranslations("prices");
  return (
    <Card title={t("details")}>
      <Facts
        facts={[
          { label: t("currency"), value: list.currency },
          { label: t("postOnLabel"), value: t(`postOn.${list.postOn}`) },
          { label: t("created"), value: <DateTime value={list.createdAt} /> },
          { label: t("updated"), value: <DateTime value={list.updatedAt} /> },
          { label: t("id"), value: <CopyValue text={list.id} /> },
        ]}
      />
    </Card>
  );
}

async function EditablePrices({ list, country }: { list: PriceListDetail; country: string }) {
  const [caller, t] = await Promise.all([api(), getTranslations("prices")]);
  const operators = await caller.routing.operators();
  return (
    <Card title={t("prices")} description={t("pricesHint")}>
      <PriceEditor
        list={{ id: list.id, currency: list.currency }}
        items={list.items.map(({ operatorId, country: where, trafficClass, unitPriceMicros }) => ({
          country: where,
          operatorId: operatorId ?? "*",
          trafficClass,
          unitPriceMicros,
        }))}
        operators={operators.map(({ id, country: where, name }) => ({ id, country: where, name }))}
        country={country}
      />
    </Card>
  );
}
