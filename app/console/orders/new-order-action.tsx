/** The way to a new order: the form, or the step that is still missing before one can be drafted. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { CreateOrder } from "#app/console/orders/create-order.tsx";
import { defaultTerm } from "#app/console/orders/default-term.ts";

const maxLists = 200;

export async function NewOrderAction() {
  const viewer = await requireViewer();
  if (!viewer.may("orders.write") || !viewer.may("prices.read")) return null;
  const [caller, t] = await Promise.all([api(), getTranslations("orders")]);
  const [tenants, lists] = await Promise.all([caller.tenants.list(), caller.prices.list({ limit: maxLists })]);
  const buyers = tenants
    .filter((tenant) => tenant.parentId === viewer.tenant.id)
    .map((tenant) => ({ value: tenant.id, label: tenant.name }));
  if (buyers.length === 0) return <ButtonLink href="/console/tenants">{t("firstTenant")}</ButtonLink>;
  if (lists.items.length === 0) return <ButtonLink href="/console/price-lists">{t("firstPriceList")}</ButtonLink>;
  return (
    <CreateOrder
      buyers={buyers}
      lists={lists.items.map(({ id, name, currency }) => ({ id, name, currency }))}
      term={defaultTerm(new Date(), viewer.tenant.timeZone)}
      currency={viewer.tenant.currency}
    />
  );
}
