/** What a report can be narrowed to: the tenants, campaigns, sender names, operators and orders of the viewer. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import type { Filter } from "#app/_ui/filter-bar.tsx";
import type { Option } from "#app/_ui/input.tsx";
import type { ReportFilters } from "#app/console/reports/filters.ts";
import { orderStatus } from "#server/domain/orders/input.ts";

type NamedTenant = { id: string; name: string };

/** The newest of each; an older one that the address names is added. */
const maxOptions = 200;
const signedStatuses = orderStatus.options.filter((status) => status !== "draft" && status !== "cancelled");

export async function filterBoxes(filters: ReportFilters, tenants: readonly NamedTenant[]): Promise<Filter[]> {
  const t = await getTranslations("reports");
  const owner = (name: string) => (tenants.length > 1 ? ` · ${name}` : "");
  const [campaigns, senders, operators, orders] = await Promise.all([
    campaignOptions(filters.campaignId, owner),
    senderOptions(filters.senderId, owner),
    operatorOptions(),
    orderOptions(filters.orderId),
  ]);
  const select = (name: string, label: string, options: readonly Option[]): Filter[] =>
    options.length > 0 ? [{ kind: "select", name, label, options }] : [];
  return [
    ...select("tenant", t("by.tenant"), tenants.length > 1 ? tenants.map(optionOf) : []),
    ...select("campaign", t("by.campaign"), campaigns),
    ...select("sender", t("by.sender"), senders),
    ...select("operator", t("by.operator"), operators),
    ...select("order", t("by.order"), orders),
    { kind: "date", name: "from", label: t("from"), implied: filters.from },
    { kind: "date", name: "to", label: t("to"), implied: filters.to },
  ];
}

const optionOf = ({ id, name }: { id: string; name: string }): Option => ({ value: id, label: name });

/** Adds the chosen one where it is too old for the list; one that is not there is shown by its id. */
async function withChosen(
  options: Option[],
  id: string | undefined,
  read: (id: string) => Promise<Option>,
): Promise<Option[]> {
  if (!id || options.some((option) => option.value === id)) return options;
  return [...options, await read(id).catch(() => ({ value: id, label: id }))];
}

async function campaignOptions(chosen: string | undefined, owner: (name: string) => string): Promise<Option[]> {
  const caller = await api();
  const { items } = await caller.campaigns.list({ scope: "subtree", limit: maxOptions });
  const label = (row: { name: string; tenantName: string }) => `${row.name}${owner(row.tenantName)}`;
  const launched = items.filter((row) => row.launchedAt !== null);
  return withChosen(
    launched.map((row) => ({ value: row.id, label: label(row) })),
    chosen,
    async (id) => ({ value: id, label: label(await caller.campaigns.get({ id })) }),
  );
}

async function senderOptions(chosen: string | undefined, owner: (name: string) => string): Promise<Option[]> {
  const caller = await api();
  const { items } = await caller.senders.list({ view: "subtree", limit: maxOptions });
  const label = (row: { name: string; tenantName: string }) => `${row.name}${owner(row.tenantName)}`;
  const used = items.filter((row) => row.status === "approved" || row.status === "revoked");
  return withChosen(
    used.map((row) => ({ value: row.id, label: label(row) })),
    chosen,
    async (id) => ({ value: id, label: label(await caller.senders.get({ id })) }),
  );
}

async function operatorOptions(): Promise<Option[]> {
  const operators = await (await api()).routing.operators();
  return operators.map((row) => ({ value: row.id, label: `${row.country} · ${row.name}` }));
}

/** The viewer's own edges: what it bought and what it sold. */
async function orderOptions(chosen: string | undefined): Promise<Option[]> {
  const [caller, t] = await Promise.all([api(), getTranslations("reports")]);
  const [bought, sold] = await Promise.all([
    caller.orders.list({ role: "buyer", status: signedStatuses, limit: maxOptions }),
    caller.orders.list({ role: "seller", status: signedStatuses, limit: maxOptions }),
  ]);
  const label = (row: { number: string; isSeller: boolean; buyerName: string }) =>
    row.isSeller ? `${row.number} · ${row.buyerName}` : `${row.number} · ${t("bought")}`;
  return withChosen(
    [...bought.items, ...sold.items].map((row) => ({ value: row.id, label: label(row) })),
    chosen,
    async (id) => ({ value: id, label: label(await caller.orders.get({ id })) }),
  );
}
