/** One order: its terms, what is spent, held and left, its prices and its statement. A buyer sees its own side only. */
import { ShieldCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { CancelOrder, CloseOrder, EditOrder, SignOrder, TopUpOrder } from "#app/console/orders/[id]/order-actions.tsx";
import { OrderHistory } from "#app/console/orders/[id]/order-history.tsx";
import { OrderNotice } from "#app/console/orders/[id]/order-notice.tsx";
import { OrderStatement } from "#app/console/orders/[id]/order-statement.tsx";
import { OrderTerms } from "#app/console/orders/[id]/order-terms.tsx";
import { OrderUsage } from "#app/console/orders/[id]/order-usage.tsx";
import { PriceTable } from "#app/console/price-lists/price-table.tsx";
import type { OrderDetail } from "#server/domain/orders/get.ts";
import type { PriceListWithUse } from "#server/domain/pricing/list-lists.ts";

type OrderPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

const running: readonly string[] = ["active", "nearly_used", "used_up"];
const maxLists = 200;

export async function generateMetadata({ params }: OrderPageProps) {
  return { title: (await found((await api()).orders.get({ id: (await params).id }))).number };
}

export default async function OrderPage({ params, searchParams }: OrderPageProps) {
  const viewer = await requirePermission("orders.read");
  const [{ id }, search, caller, t] = await Promise.all([params, searchParams, api(), getTranslations("orders")]);
  const order = await found(caller.orders.get({ id }));
  const mayReadLists = order.isSeller && viewer.may("prices.read");
  const lists = mayReadLists ? (await caller.prices.list({ tenantId: order.sellerId, limit: maxLists })).items : [];
  const mayReadLedger = viewer.may("ledger.read") && order.signedAt !== null;
  return (
    <>
      <PageHeader
        title={order.number}
        badge={<StatusBadge status={order.status} />}
        description={order.isSeller ? t("soldTo", { name: order.buyerName }) : t("boughtFromProvider")}
        crumbs={[{ label: t("title"), href: `/console/orders?tab=${order.isSeller ? "sold" : "bought"}` }]}
        actions={
          <>
            {mayReadLedger ? (
              <ButtonLink href={`/console/ledger?order=${order.id}`} icon={<ShieldCheck aria-hidden />}>
                {t("prove")}
              </ButtonLink>
            ) : null}
            {order.isSeller && viewer.may("orders.write") ? <SellerActions order={order} lists={lists} /> : null}
          </>
        }
      />
      <div className="flex flex-col gap-5">
        <OrderNotice order={order} />
        <OrderUsage order={order} />
        <div className="grid items-start gap-5 lg:grid-cols-[1fr_20rem]">
          <OrderTerms order={order} priceListName={lists.find((l) => l.id === order.priceListId)?.name ?? null} />
          <OrderHistory order={order} />
        </div>
        {viewer.may("prices.read") ? (
          <section>
            <h2 className="pb-2.5 font-semibold text-base">{t("prices")}</h2>
            <PriceTable lines={order.prices} currency={order.currency} />
          </section>
        ) : null}
        {mayReadLedger ? <OrderStatement order={order} params={search} /> : null}
      </div>
    </>
  );
}

function SellerActions({ order, lists }: { order: OrderDetail; lists: PriceListWithUse[] }) {
  const named = { id: order.id, number: order.number };
  if (order.status === "draft") {
    const choices = lists.map(({ id, name, currency }) => ({ id, name, currency }));
    return (
      <>
        <CancelOrder order={named} />
        {choices.length > 0 ? <EditOrder order={termsOf(order)} lists={choices} /> : null}
        <SignOrder order={named} startsNow={order.validFrom <= new Date()} />
      </>
    );
  }
  if (order.status === "signed") return <CancelOrder order={named} />;
  if (!running.includes(order.status)) return null;
  const { kind, currency, amountMicros, partsLimit } = order;
  return (
    <>
      <CloseOrder order={named} />
      <TopUpOrder order={{ ...named, kind, currency, amountMicros, partsLimit }} />
    </>
  );
}

/** Without the prices: the browser needs the terms only. */
function termsOf({ prices: _, ...order }: OrderDetail) {
  return order;
}
