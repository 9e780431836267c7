/** An order's statement, day by day, with the way to take all of it as CSV. */
import { Download, ScrollText } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { buttonLook } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Money, Parts } from "#app/_ui/money.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";
import { type Column, Table } from "#app/_ui/table.tsx";
import type { StatementDay, StatementFigures } from "#server/domain/ledger/statement.ts";
import type { Order } from "#server/domain/orders/scope.ts";

const daysShown = 31;
const day = /^\d{4}-\d{2}-\d{2}$/;
const figures = ["funded", "held", "posted", "givenBack", "balance"] as const satisfies (keyof StatementFigures)[];

type StatedOrder = Pick<Order, "id" | "currency" | "kind" | "amountMicros" | "partsLimit">;
type OrderStatementProps = { order: StatedOrder; params: SearchParams };

export async function OrderStatement({ order, params }: OrderStatementProps) {
  const [caller, t, ui] = await Promise.all([api(), getTranslations("orders"), getTranslations("ui")]);
  const wanted = single(params.cursor) ?? "";
  const cursor = day.test(wanted) ? wanted : undefined;
  const page = await caller.ledger.statement({ orderId: order.id, cursor, limit: daysShown });
  return (
    <section aria-labelledby="statement">
      <header className="flex flex-wrap items-end justify-between gap-2 pb-2.5">
        <div>
          <h2 id="statement" className="font-semibold text-base">
            {t("statement")}
          </h2>
          <p className="text-ink-faint text-sm">{t(`statementHint.${order.kind}`, { zone: page.timeZone })}</p>
        </div>
        {page.items.length > 0 ? (
          <a className={buttonLook({ size: "sm" })} href={`/api/exports/ledger/${order.id}`} download>
            <Download aria-hidden />
            {ui("downloadCsv")}
          </a>
        ) : null}
      </header>
      <Table
        scroll
        caption={t("statement")}
        columns={await statementColumns(order)}
        rows={page.items}
        rowKey={(row) => row.day}
        empty={<EmptyState icon={ScrollText} title={t("noStatement")} description={t("noStatementHint")} />}
      />
      <Pager
        path={`/console/orders/${order.id}`}
        params={params}
        nextCursor={page.nextCursor}
        count={page.items.length}
      />
    </section>
  );
}

/** What an order does not bound has no balance: its account only counts down from zero. */
async function statementColumns(order: StatedOrder): Promise<Column<StatementDay>[]> {
  const t = await getTranslations("orders");
  return [
    {
      key: "day",
      header: t("day"),
      cell: (row) => <span className="whitespace-nowrap tabular-nums">{row.day}</span>,
    },
    ...figures.map(
      (figure): Column<StatementDay> => ({
        key: figure,
        header: t(`figure.${figure}`),
        align: "right",
        cell: (row) => (
          <span className="flex flex-col items-end">
            {figure === "balance" && order.amountMicros === null ? null : (
              <Money micros={row.money[figure]} currency={order.currency} />
            )}
            {figure === "balance" && order.partsLimit === null ? null : (
              <Parts className="text-ink-faint text-xs" count={row.parts[figure]} />
            )}
          </span>
        ),
      }),
    ),
  ];
}
