/** Prices to read: what one part costs, by country, operator and class. */
import { Tags } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Money } from "#app/_ui/money.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import { Table } from "#app/_ui/table.tsx";
import type { OrderPrice } from "#server/domain/orders/get.ts";

export async function PriceTable({ lines, currency }: { lines: OrderPrice[]; currency: string }) {
  const [caller, t, locale] = await Promise.all([api(), getTranslations("prices"), getLocale()]);
  const operators = new Map((await caller.routing.operators()).map((operator) => [operator.id, operator.name]));
  return (
    <Table
      caption={t("prices")}
      columns={[
        { key: "country", header: t("country"), cell: (row) => countryName(row.country, locale) },
        {
          key: "operator",
          header: t("operator"),
          cell: (row) =>
            row.operatorId === null ? t("everyOperator") : (operators.get(row.operatorId) ?? row.operatorId),
        },
        { key: "class", header: t("classLabel"), cell: (row) => t(`class.${row.trafficClass}`) },
        {
          key: "price",
          header: t("pricePerPart"),
          align: "right",
          cell: (row) => <Money micros={row.unitPriceMicros} currency={currency} />,
        },
      ]}
      rows={lines}
      rowKey={(row) => `${row.country}|${row.operatorId ?? "*"}|${row.trafficClass}`}
      empty={<EmptyState icon={Tags} title={t("noLines")} description={t("noLinesRead")} />}
    />
  );
}
