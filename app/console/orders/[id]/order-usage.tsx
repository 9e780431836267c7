/** What of an order is spent, held by messages under way, and left: in parts, and in money to those who may see it. */
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Card } from "#app/_ui/card.tsx";
import { moneyText } from "#app/_ui/money.tsx";
import { StackedBar } from "#app/_ui/progress-bar.tsx";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";
import { shareOf } from "#server/domain/orders/used-share.ts";

export async function OrderUsage({ order }: { order: OrderWithFigures }) {
  const [t, ui, locale] = await Promise.all([getTranslations("orders"), getTranslations("ui"), getLocale()]);
  const money = (micros: bigint) => moneyText(micros, order.currency, locale);
  const parts = (count: bigint) => ui("partsCount", { count: Number(count) });
  const texts = { spent: t("spent"), held: t("held"), left: t("leftFigure"), open: t("notBounded") };
  const { spentMicros, heldMicros } = order;
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      {spentMicros === null || heldMicros === null ? null : (
        <UsageCard
          title={t("money")}
          hint={t(order.amountMicros === null ? "moneyHint.open" : `moneyHint.${order.kind}`)}
          limit={order.amountMicros}
          spent={spentMicros}
          held={heldMicros}
          left={order.leftMicros}
          write={money}
          texts={texts}
        />
      )}
      <UsageCard
        title={t("partsTitle")}
        hint={t(order.partsLimit === null ? "partsHintOpen" : "partsHint")}
        limit={order.partsLimit}
        spent={order.spentParts}
        held={order.heldParts}
        left={order.leftParts}
        write={parts}
        texts={texts}
      />
    </div>
  );
}

type UsageCardProps = {
  title: string;
  hint: string;
  /** Null = not bounded this way. */
  limit: bigint | null;
  spent: bigint;
  held: bigint;
  left: bigint | null;
  write: (amount: bigint) => string;
  texts: { spent: string; held: string; left: string; open: string };
};

function UsageCard({ title, hint, limit, spent, held, left, write, texts }: UsageCardProps) {
  const total = limit ?? spent + held;
  const parts = [
    { key: "spent", label: texts.spent, amount: spent, className: "bg-brand-ink" },
    { key: "held", label: texts.held, amount: held, className: "bg-warning" },
    ...(left === null ? [] : [{ key: "left", label: texts.left, amount: left, className: "bg-line-strong" }]),
  ];
  return (
    <Card title={title} description={hint} actions={<Limit>{limit === null ? texts.open : write(limit)}</Limit>}>
      <StackedBar
        label={title}
        parts={parts.map(({ amount, ...part }) => ({ ...part, value: shareOf(amount, total), text: write(amount) }))}
      />
    </Card>
  );
}

function Limit({ children }: { children: ReactNode }) {
  return <span className="whitespace-nowrap font-semibold text-base text-ink tabular-nums">{children}</span>;
}
