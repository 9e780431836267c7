/** What an order's status asks of its reader: the seller can act, the buyer asks its provider. */
import { getTranslations } from "next-intl/server";
import { Callout } from "#app/_ui/callout.tsx";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";

const kinds = {
  draft: "info",
  signed: "info",
  nearly_used: "warning",
  used_up: "danger",
  expired: "warning",
} as const;

export async function OrderNotice({ order }: { order: OrderWithFigures }) {
  const t = await getTranslations("orders");
  const status = (Object.keys(kinds) as (keyof typeof kinds)[]).find((known) => known === order.status);
  if (!status) return null;
  const side = order.isSeller ? "seller" : "buyer";
  return <Callout kind={kinds[status]}>{t(`notice.${side}.${status}`)}</Callout>;
}
