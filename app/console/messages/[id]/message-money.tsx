/** What the message costs at the edges that the viewer may see, and where that money stands. */
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import { Money } from "#app/_ui/money.tsx";
import type { Edge } from "#server/domain/messages/get.ts";

const tones: Record<Edge["state"], Tone> = { held: "warning", posted: "success", voided: "neutral" };

/** @property names of the tenants in the viewer's scope; whoever is missing stands above: "your provider" */
export async function MessageMoney({ edges, names }: { edges: Edge[]; names: Map<string, string> }) {
  const t = await getTranslations("messages");
  if (edges.length === 0) return <p className="text-ink-muted text-base">{t("noMoney")}</p>;
  return (
    <ul className="-my-3 divide-y">
      {edges.map((edge) => (
        <li key={edge.hop} className="flex flex-col gap-1 py-3">
          <p className="flex items-baseline justify-between gap-x-3">
            <span className="min-w-0 break-words text-base text-ink">
              {t("sellsTo", {
                seller: names.get(edge.sellerId) ?? t("provider"),
                buyer: names.get(edge.buyerId) ?? t("provider"),
              })}
            </span>
            <span className="font-medium text-base text-ink">
              <Money micros={edge.totalMicros} currency={edge.currency} />
            </span>
          </p>
          <p className="flex items-center justify-between gap-x-3 text-ink-faint text-xs">
            <span>
              <Link
                href={`/console/orders/${edge.orderId}`}
                className="rounded underline underline-offset-2 hover:text-ink"
              >
                {t("order", { number: edge.orderNumber })}
              </Link>
              {" · "}
              <Money micros={edge.unitPriceMicros} currency={edge.currency} /> {t("aPart")}
            </span>
            <Badge tone={tones[edge.state]}>{t(`moneyState.${edge.state}`)}</Badge>
          </p>
        </li>
      ))}
    </ul>
  );
}
