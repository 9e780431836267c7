/** The ledger: the proof that every balance is explained, and the way to each order's statement. */
import { ReceiptText } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Card, Facts } from "#app/_ui/card.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { ProofRunner } from "#app/console/ledger/proof.tsx";
import { orderColumns } from "#app/console/orders/columns.tsx";

const ordersShown = 25;

export async function generateMetadata() {
  return { title: (await getTranslations("ledger"))("title") };
}

export default async function LedgerPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("ledger.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("ledger")]);
  const orderId = idParam(params.order);
  const order = orderId ? await found(caller.orders.get({ id: orderId })) : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("lead")}
        crumbs={order ? [{ label: order.number, href: `/console/orders/${order.id}` }] : undefined}
      />
      <div className="flex flex-col gap-5">
        <ProofRunner key={order?.id} order={order ? { id: order.id, number: order.number } : null} />
        <HowItWorks />
        {order ? null : <Statements params={params} isRoot={viewer.tenant.parentId === null} />}
      </div>
    </>
  );
}

async function HowItWorks() {
  const t = await getTranslations("ledger");
  const words = ["prepaid", "postpaid", "held", "settled"] as const;
  return (
    <Card title={t("howTitle")}>
      <Facts
        className="grid-cols-[repeat(auto-fill,minmax(16rem,1fr))]"
        facts={words.map((word) => ({ label: t(`how.${word}`), value: t(`howText.${word}`) }))}
      />
    </Card>
  );
}

/** Every order of the tenant and below that has begun, or was signed for later. */
async function Statements({ params, isRoot }: { params: SearchParams; isRoot: boolean }) {
  const [caller, t] = await Promise.all([api(), getTranslations("ledger")]);
  const [page, columns] = await Promise.all([
    caller.orders.list({
      status: ["signed", "active", "nearly_used", "used_up", "expired", "closed"],
      cursor: idParam(params.cursor),
      limit: ordersShown,
    }),
    orderColumns(["seller", "buyer"]),
  ]);
  return (
    <section>
      <h2 className="font-semibold text-base">{t("statements")}</h2>
      <p className="pb-2.5 text-ink-faint text-sm">{t("statementsLead")}</p>
      <Table
        caption={t("statements")}
        columns={columns}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/orders/${row.id}#statement`}
        empty={
          <EmptyState
            icon={ReceiptText}
            title={t("noOrders")}
            description={t(isRoot ? "noOrdersHintSeller" : "noOrdersHint")}
          />
        }
      />
      <Pager path="/console/ledger" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </section>
  );
}
