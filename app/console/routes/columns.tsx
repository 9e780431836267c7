/** The columns of routes: in their own list and on the page of a connector. */
import { getLocale, getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { Badge } from "#app/_ui/badge.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import type { Column } from "#app/_ui/table.tsx";
import type { RouteWithNames } from "#server/domain/routing/list-routes.ts";

export async function routeColumns({ withConnector }: { withConnector: boolean }): Promise<Column<RouteWithNames>[]> {
  const [t, prices, ui, locale, caller] = await Promise.all([
    getTranslations("routing"),
    getTranslations("prices"),
    getTranslations("ui"),
    getLocale(),
    api(),
  ]);
  const operators = new Map((await caller.routing.operators()).map((operator) => [operator.id, operator.name]));
  const connector: Column<RouteWithNames> = {
    key: "connector",
    header: t("connector"),
    cell: (row) => row.connectorName,
  };
  return [
    { key: "tenant", header: t("serves"), cell: (row) => row.tenantName },
    {
      key: "operator",
      header: t("operator"),
      cell: (row) => (row.operatorId ? (operators.get(row.operatorId) ?? row.operatorId) : t("any")),
    },
    {
      key: "country",
      header: t("country"),
      cell: (row) => (row.country ? countryName(row.country, locale) : t("any")),
    },
    {
      key: "class",
      header: t("classLabel"),
      cell: (row) => (row.trafficClass ? prices(`class.${row.trafficClass}`) : t("any")),
    },
    ...(withConnector ? [connector] : []),
    { key: "priority", header: t("priority"), align: "right", cell: (row) => row.priority },
    { key: "weight", header: t("weight"), align: "right", cell: (row) => row.weight },
    {
      key: "status",
      header: t("stateLabel"),
      cell: (row) => (
        <Badge dot tone={row.status === "enabled" ? "success" : "neutral"}>
          {ui(`status.${row.status}`)}
        </Badge>
      ),
    },
  ];
}
