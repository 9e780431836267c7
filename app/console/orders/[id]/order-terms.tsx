/** What was agreed, and what became of it. */

import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge } from "#app/_ui/badge.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";

/** @property priceListName null for those who may not read the seller's lists */
export async function OrderTerms({ order, priceListName }: { order: OrderWithFigures; priceListName: string | null }) {
  const t = await getTranslations("orders");
  return (
    <Card title={t("terms")}>
      <Facts
        facts={[
          { label: t("seller"), value: order.sellerName ?? t("yourProvider") },
          { label: t("buyer"), value: order.buyerName },
          { label: t("kindLabel"), value: t(`kind.${order.kind}`) },
          { label: t("charged"), value: t(`postOn.${order.postOn}`) },
          { label: t("validFrom"), value: <DateTime value={order.validFrom} /> },
          { label: t("validUntil"), value: <DateTime value={order.validUntil} /> },
          ...(priceListName
            ? [{ label: t("priceList"), value: <ListLink id={order.priceListId} name={priceListName} /> }]
            : []),
          { label: t("warnAt"), value: t("percentUsed", { percent: order.nearlyUsedPercent }) },
          { label: t("senderNames"), value: <SenderNames names={order.senderNames} every={t("everySender")} /> },
          ...(order.note ? [{ label: t("note"), value: order.note }] : []),
          { label: t("id"), value: <CopyValue text={order.id} /> },
        ]}
      />
    </Card>
  );
}

function ListLink({ id, name }: { id: string; name: string }) {
  return (
    <Link href={`/console/price-lists/${id}`} className="text-brand-ink hover:underline">
      {name}
    </Link>
  );
}

function SenderNames({ names, every }: { names: string[] | null; every: string }) {
  if (!names) return every;
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
    </span>
  );
}
