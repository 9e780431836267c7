/** What the tenant has bought: sent and left of each running order, and a warning before it runs out. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { HoverLink } from "#app/_ui/hover-link.tsx";
import { Count, Money, Parts, Percent } from "#app/_ui/money.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { usageTone } from "#app/console/orders/usage.ts";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";

const shown = 4;
const soonMs = 7 * 86_400_000;

export async function OwnOrders() {
  const [caller, t] = await Promise.all([api(), getTranslations("dashboard")]);
  const { items } = await caller.orders.list({ role: "buyer", status: ["active", "nearly_used", "used_up"] });
  // Those that run out of time first are used first.
  const orders = items.toSorted((a, b) => a.validUntil.getTime() - b.validUntil.getTime());
  const usable = orders.filter((order) => order.status !== "used_up");
  return (
    <Card
      title={t("orders")}
      description={t("ordersLead")}
      actions={
        <ButtonLink
          look="link"
          size="sm"
          href="/console/orders?tab=bought"
          aria-label={t("allOf", { title: t("orders") })}
        >
          {t("all")}
        </ButtonLink>
      }
    >
      <div className="flex flex-col gap-4">
        {usable.length === 0 ? (
          <Callout kind="danger" title={t("noOrder")}>
            {t("noOrderHint")}
          </Callout>
        ) : null}
        <ul className="flex flex-col gap-4">
          {orders.slice(0, shown).map((order) => (
            <OwnOrder key={order.id} order={order} />
          ))}
        </ul>
      </div>
    </Card>
  );
}

async function OwnOrder({ order }: { order: OrderWithFigures }) {
  const t = await getTranslations("dashboard");
  const share = order.usedShare;
  const endsSoon = order.validUntil.getTime() - Date.now() < soonMs;
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <HoverLink
          href={`/console/orders/${order.id}`}
          className="rounded font-medium text-ink text-sm hover:underline"
        >
          {order.number}
        </HoverLink>
        {order.status === "active" ? null : <StatusBadge status={order.status} />}
      </div>
      <ProgressBar
        share={share}
        tone={usageTone(share, order.nearlyUsedPercent)}
        label={t("usedOf", { number: order.number })}
      />
      <div className="flex flex-wrap justify-between gap-x-4 text-ink-muted text-sm">
        <span>
          {t("sentParts")} <Count value={order.spentParts} />
        </span>
        <span>
          {t("left")} <Left order={order} />
        </span>
      </div>
      <p className={endsSoon ? "text-warning text-xs" : "text-ink-faint text-xs"}>
        {t.rich(endsSoon ? "endsSoon" : "validUntil", {
          when: () => <DateTime value={order.validUntil} precision="day" />,
        })}
      </p>
    </li>
  );
}

/** A share alone for those who may not see what an order bounded by money still has. */
function Left({ order }: { order: OrderWithFigures }) {
  const { leftMicros, leftParts, currency } = order;
  return (
    <span className="font-medium text-ink">
      {leftMicros === null ? null : <Money micros={leftMicros} currency={currency} />}
      {leftMicros !== null && leftParts !== null ? " · " : null}
      {leftParts === null ? null : <Parts count={leftParts} />}
      {leftMicros === null && leftParts === null ? <Percent share={1 - order.usedShare} /> : null}
    </span>
  );
}
