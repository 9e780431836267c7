/** The columns of orders: in the list, below a price list, in the ledger. */
import { getTranslations } from "next-intl/server";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Money, Parts, Percent } from "#app/_ui/money.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { Column } from "#app/_ui/table.tsx";
import { usageTone } from "#app/console/orders/usage.ts";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";

export type Side = "seller" | "buyer";

/** @param sides whose names stand in the rows: a list of sold orders needs only the buyers */
export async function orderColumns(sides: readonly Side[]): Promise<Column<OrderWithFigures>[]> {
  const t = await getTranslations("orders");
  const seller: Column<OrderWithFigures> = {
    key: "seller",
    header: t("seller"),
    cell: (row) => row.sellerName ?? t("yourProvider"),
  };
  const buyer: Column<OrderWithFigures> = { key: "buyer", header: t("buyer"), cell: (row) => row.buyerName };
  return [
    { key: "number", header: t("number"), cell: (row) => <span className="whitespace-nowrap">{row.number}</span> },
    ...(sides.includes("seller") ? [seller] : []),
    ...(sides.includes("buyer") ? [buyer] : []),
    { key: "kind", header: t("kindLabel"), cell: (row) => t(`kind.${row.kind}`), wideOnly: true },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    { key: "sent", header: t("sent"), align: "right", cell: (row) => <Sent order={row} /> },
    {
      key: "left",
      header: t("left"),
      align: "right",
      className: "sm:min-w-40",
      cell: (row) => <Left order={row} label={t("usedOf", { number: row.number })} />,
    },
    {
      key: "validity",
      header: t("validity"),
      wideOnly: true,
      cell: (row) => (
        <span className="flex flex-wrap gap-x-1">
          <DateTime value={row.validFrom} precision="day" />
          <span className="whitespace-nowrap">
            – <DateTime value={row.validUntil} precision="day" />
          </span>
        </span>
      ),
    },
  ];
}

function Sent({ order }: { order: OrderWithFigures }) {
  return (
    <span className="flex flex-col items-end">
      <Parts count={order.spentParts} />
      {order.spentMicros === null ? null : (
        <Money className="text-ink-faint text-xs" micros={order.spentMicros} currency={order.currency} />
      )}
    </span>
  );
}

/** What is left of each bound, as a share where the reader may see none of them, over a bar of the one that runs out first. */
function Left({ order, label }: { order: OrderWithFigures; label: string }) {
  const share = order.usedShare;
  return (
    <span className="flex min-w-32 flex-col items-end gap-1">
      {order.leftMicros === null ? null : <Money micros={order.leftMicros} currency={order.currency} />}
      {order.leftParts === null ? null : <Parts count={order.leftParts} />}
      {order.leftMicros === null && order.leftParts === null ? <Percent share={1 - share} /> : null}
      <ProgressBar share={share} label={label} tone={usageTone(share, order.nearlyUsedPercent)} />
    </span>
  );
}
