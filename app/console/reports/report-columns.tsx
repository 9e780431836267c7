/** The columns of a report: counts, delivery rate, and the money that moves at the viewer's own hop. */
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";
import { Count, Percent } from "#app/_ui/money.tsx";
import type { Column } from "#app/_ui/table.tsx";
import { deliveryRate, FinalAmounts, moves, type Side } from "#app/console/reports/amounts.tsx";
import type { Grouping } from "#app/console/reports/filters.ts";
import type { Counts, Money } from "#server/domain/reports/summary.ts";

export type ReportRow = Counts & { key: string; label: ReactNode; money: Money[] };

/** On narrow screens a table's cells have room only as cards; these stay in columns. */
export const scrolledCell = "max-sm:px-4 max-sm:py-1.5";

const counted = ["accepted", "sent", "delivered", "failed", "unknown", "parts"] as const;

/** @param money of the whole report: sides on which nothing moves are left out */
export async function reportColumns(by: Grouping, money: readonly Money[]): Promise<Column<ReportRow>[]> {
  const t = await getTranslations("reports");
  const counts = counted.map(
    (key): Column<ReportRow> => ({
      key,
      header: t(key),
      align: "right",
      cell: (row) => <Figure value={row[key]} />,
    }),
  );
  const columns: Column<ReportRow>[] = [
    {
      key: "label",
      header: t(`by.${by}`),
      className: "min-w-36 max-w-64 break-words",
      cell: (row) => row.label,
    },
    ...counts,
    {
      key: "rate",
      header: t("deliveryRate"),
      align: "right",
      cell: (row) => <Percent share={deliveryRate(row)} />,
    },
    ...sidesOf(money).map(
      (side): Column<ReportRow> => ({
        key: side,
        header: t(side),
        align: "right",
        cell: (row) => <FinalAmounts money={row.money} side={side} />,
      }),
    ),
  ];
  return columns.map((column) => ({ ...column, className: cn(scrolledCell, column.className) }));
}

/** A margin stands between a purchase and a sale: a root knows no cost here, a brand that only sends has no revenue. */
export function sidesOf(money: readonly Money[]): Side[] {
  const [sells, buys] = [moves(money, "revenue"), moves(money, "cost")];
  if (sells && buys) return ["revenue", "cost", "margin"];
  return [...(sells ? (["revenue"] as const) : []), ...(buys ? (["cost"] as const) : [])];
}

function Figure({ value }: { value: number }) {
  return <Count value={value} className={value === 0 ? "text-ink-faint" : undefined} />;
}
