"use client";
/** What a campaign would cost now: messages, parts, each order on the way that the reader may see, expected refusals. */
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Callout } from "#app/_ui/callout.tsx";
import { Count, Money } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { Table } from "#app/_ui/table.tsx";
import type { CampaignQuote } from "#server/domain/campaigns/quote.ts";

type QuoteSummaryProps = {
  quote: CampaignQuote;
  operatorNames: Record<string, string>;
  tenantNames: Record<string, string>;
};

type Total = { currency: string; micros: bigint };

export function QuoteSummary({ quote, operatorNames, tenantNames }: QuoteSummaryProps) {
  const t = useTranslations("campaigns");
  const { money } = quote;
  return (
    <div className="flex flex-col gap-4">
      <StatRow>
        <StatTile
          label={t("quote.messages")}
          value={<Count value={quote.messages} />}
          note={t("quote.ofRecipients", { count: quote.recipients })}
        />
        <StatTile
          label={t("quote.parts")}
          value={<Count value={quote.parts} />}
          note={quote.messages > 0 ? t("quote.partsEach", { each: quote.parts / quote.messages }) : null}
        />
        {money && money.cost.length > 0 ? (
          <StatTile label={t("quote.cost")} value={<Totals totals={money.cost} />} note={t("quote.costNote")} />
        ) : null}
        {money && money.sell.length > 0 ? (
          <StatTile label={t("quote.sell")} value={<Totals totals={money.sell} />} note={t("quote.sellNote")} />
        ) : null}
        {money?.margin && money.sell.length > 0 ? (
          <StatTile label={t("quote.margin")} value={<Totals totals={[money.margin]} />} />
        ) : null}
      </StatRow>
      <ExpectedRefusals quote={quote} />
      {money && money.lines.length > 0 ? <Lines quote={quote} tenantNames={tenantNames} /> : null}
      <ByOperator quote={quote} operatorNames={operatorNames} />
      {quote.isExact ? null : <p className="text-ink-faint text-xs">{t("quote.notExact")}</p>}
    </div>
  );
}

function Totals({ totals }: { totals: Total[] }): ReactNode {
  return totals.map((total) => (
    <span key={total.currency} className="block">
      <Money micros={total.micros} currency={total.currency} signed />
    </span>
  ));
}

function ExpectedRefusals({ quote }: { quote: CampaignQuote }) {
  const t = useTranslations("campaigns");
  if (quote.refused.length === 0) return null;
  return (
    <Callout kind={quote.messages > 0 ? "warning" : "danger"} title={t("quote.refused")}>
      <ul className="mt-1 flex flex-col gap-1">
        {quote.refused.map((refused) => (
          <li key={`${refused.code} ${refused.message}`}>
            <span className="font-medium text-ink">{t("recipientCount", { count: refused.messages })}</span>:{" "}
            {t.has(`refusal.${refused.code}`) ? t(`refusal.${refused.code}`) : refused.message}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

function Lines({ quote, tenantNames }: Pick<QuoteSummaryProps, "quote" | "tenantNames">) {
  const t = useTranslations("campaigns");
  return (
    <Table
      caption={t("quote.orders")}
      columns={[
        { key: "order", header: t("quote.order"), cell: (row) => row.orderNumber },
        { key: "buyer", header: t("quote.buyer"), cell: (row) => tenantNames[row.buyerId] ?? "–" },
        { key: "parts", header: t("quote.parts"), align: "right", cell: (row) => <Count value={row.parts} /> },
        {
          key: "total",
          header: t("quote.total"),
          align: "right",
          cell: (row) => <Money micros={row.totalMicros} currency={row.currency} />,
        },
        {
          key: "left",
          header: t("quote.leftAfter"),
          align: "right",
          cell: (row) => (
            <>
              {row.leftAfterMicros === null ? null : <Money micros={row.leftAfterMicros} currency={row.currency} />}
              {row.leftAfterMicros !== null && row.leftAfterParts !== null ? " · " : null}
              {row.leftAfterParts === null ? null : t("partsLeft", { count: Number(row.leftAfterParts) })}
              {row.leftAfterMicros === null && row.leftAfterParts === null ? t("quote.unbounded") : null}
            </>
          ),
        },
      ]}
      rows={quote.money?.lines ?? []}
      rowKey={(row) => row.orderId}
      empty={null}
    />
  );
}

function ByOperator({ quote, operatorNames }: Pick<QuoteSummaryProps, "quote" | "operatorNames">) {
  const t = useTranslations("campaigns");
  return (
    <Table
      caption={t("quote.byOperator")}
      columns={[
        {
          key: "operator",
          header: t("quote.operator"),
          cell: (row) => operatorNames[row.operatorId] ?? row.operatorId,
        },
        { key: "messages", header: t("quote.messages"), align: "right", cell: (row) => <Count value={row.messages} /> },
        { key: "parts", header: t("quote.parts"), align: "right", cell: (row) => <Count value={row.parts} /> },
      ]}
      rows={quote.byOperator}
      rowKey={(row) => row.operatorId}
      empty={null}
    />
  );
}
