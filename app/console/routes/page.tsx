/** Routes: over which connector a tenant and everybody below it reach an operator, a country, or all. */
import { Split } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { type Filter, FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { type Column, Table } from "#app/_ui/table.tsx";
import { routeColumns } from "#app/console/routes/columns.tsx";
import { CreateRoute, RouteRowActions } from "#app/console/routes/route-actions.tsx";
import type { RouteChoices } from "#app/console/routes/route-fields.tsx";
import type { RouteWithNames } from "#server/domain/routing/list-routes.ts";

const classes = ["otp", "transactional", "bulk"] as const;

export async function generateMetadata() {
  return { title: (await getTranslations("routing"))("routes") };
}

export default async function RoutesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("routing.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("routing"),
    getTranslations("ui"),
  ]);
  const [all, choices] = await Promise.all([caller.routing.routes(), choicesOf()]);
  const rows = matching(all, params);
  const mayWrite = viewer.may("routing.write");
  const create = mayWrite ? <NewRouteAction choices={choices} tenantId={viewer.tenant.id} /> : null;
  const actions: Column<RouteWithNames> = {
    key: "actions",
    header: ui("actions"),
    align: "right",
    cell: (row) => <RouteRowActions route={row} choices={choices} />,
  };
  const empty =
    all.length > 0 ? (
      <EmptyState icon={Split} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />
    ) : (
      <EmptyState icon={Split} title={t("noRoutes")} description={t("noRoutesHint")} action={create} />
    );
  return (
    <>
      <PageHeader title={t("routes")} description={t("routesLead")} actions={create} />
      <Callout className="mb-4" title={t("howTitle")}>
        {t("howText")}
      </Callout>
      {all.length > 0 ? <FilterBar filters={await filtersOf(choices)} /> : null}
      <Table
        caption={t("routes")}
        columns={[...(await routeColumns({ withConnector: true })), ...(mayWrite ? [actions] : [])]}
        rows={rows}
        rowKey={(row) => row.id}
        empty={empty}
      />
    </>
  );
}

async function choicesOf(): Promise<RouteChoices> {
  const caller = await api();
  const [tenants, connectors, operators] = await Promise.all([
    caller.tenants.list(),
    caller.routing.connectors(),
    caller.routing.operators(),
  ]);
  return {
    tenants: tenants.map((row) => ({ value: row.id, label: row.name })),
    connectors: connectors.map((row) => ({ value: row.id, label: row.name })),
    operators: operators.map(({ id, country, name }) => ({ id, country, name })),
  };
}

/** A route that matches any country, operator or class answers for every one that is filtered for. */
function matching(routes: RouteWithNames[], params: SearchParams): RouteWithNames[] {
  const trafficClass = oneOf(params.class, classes);
  const country = single(params.country);
  const operatorId = single(params.operator);
  const connectorId = idParam(params.connector);
  return routes.filter(
    (route) =>
      (!trafficClass || route.trafficClass === null || route.trafficClass === trafficClass) &&
      (!country || route.country === null || route.country === country) &&
      (!operatorId || route.operatorId === null || route.operatorId === operatorId) &&
      (!connectorId || route.connectorId === connectorId),
  );
}

async function filtersOf(choices: RouteChoices): Promise<Filter[]> {
  const [t, prices, locale] = await Promise.all([getTranslations("routing"), getTranslations("prices"), getLocale()]);
  const countries = [...new Set(choices.operators.map((operator) => operator.country))];
  return [
    {
      kind: "select",
      name: "country",
      label: t("country"),
      options: countries.map((code) => ({ value: code, label: countryName(code, locale) })),
    },
    {
      kind: "select",
      name: "operator",
      label: t("operator"),
      options: choices.operators.map(({ id, name, country }) => ({ value: id, label: `${name} · ${country}` })),
    },
    {
      kind: "select",
      name: "class",
      label: t("classLabel"),
      options: classes.map((value) => ({ value, label: prices(`class.${value}`) })),
    },
    { kind: "select", name: "connector", label: t("connector"), options: choices.connectors },
  ];
}

async function NewRouteAction({ choices, tenantId }: { choices: RouteChoices; tenantId: string }) {
  const t = await getTranslations("routing");
  if (choices.connectors.length > 0) return <CreateRoute choices={choices} tenantId={tenantId} />;
  return <ButtonLink href="/console/connectors/new">{t("firstConnector")}</ButtonLink>;
}
