"use client";
/** What a proof found: what was read, each check with its answer, and every difference by its order. */
import { CircleCheck, CircleX } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Callout } from "#app/_ui/callout.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count, Money, Parts } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { type Column, Table } from "#app/_ui/table.tsx";
import type { Difference, Proof } from "#server/domain/ledger/prove.ts";

const checks = ["zero_sum", "balance", "messages"] as const;
const accounts: readonly string[] = ["all", "funding", "available", "held", "spent"];

/** @property tookMs as the browser saw it; null before the first run has ended */
export function ProofResult({ proof, tookMs }: { proof: Proof; tookMs: number | null }) {
  const t = useTranslations("ledger");
  const format = useFormatter();
  const seconds = format.number((tookMs ?? 0) / 1_000, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  return (
    <div className="flex flex-col gap-5">
      <Callout
        kind={proof.isClean ? "success" : "danger"}
        title={proof.isClean ? t("clean") : t("differs", { count: proof.differences.length })}
      >
        {t("took", { seconds })} <DateTime value={proof.provedAt} precision="second" />
      </Callout>
      <StatRow>
        <StatTile label={t("orders")} value={<Count value={proof.orders} />} />
        <StatTile label={t("accounts")} value={<Count value={proof.accounts} />} note={t("accountsNote")} />
        <StatTile label={t("entries")} value={<Count value={proof.entries} />} />
        <StatTile label={t("messages")} value={<Count value={proof.messages} />} note={t("messagesNote")} />
      </StatRow>
      <ul className="flex flex-col gap-2 text-sm">
        {checks.map((check) => (
          <Check key={check} check={check} found={proof.differences.filter((d) => d.check === check).length} />
        ))}
      </ul>
      <Units proof={proof} />
      {proof.differences.length > 0 ? <Differences differences={proof.differences} /> : null}
    </div>
  );
}

function Check({ check, found }: { check: Difference["check"]; found: number }) {
  const t = useTranslations("ledger");
  const Icon = found === 0 ? CircleCheck : CircleX;
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${found === 0 ? "text-success" : "text-danger"}`} />
      <span>
        <span className="font-medium text-ink">{t(`check.${check}`)}</span>{" "}
        <span className="text-ink-faint">{found === 0 ? t("holds") : t("differs", { count: found })}</span>
      </span>
    </li>
  );
}

function Units({ proof }: { proof: Proof }) {
  const t = useTranslations("ledger");
  const columns: Column<Proof["units"][number]>[] = [
    { key: "unit", header: t("unit"), cell: (row) => (row.unit === "PARTS" ? t("parts") : row.unit) },
    {
      key: "sum",
      header: t("sum"),
      align: "right",
      cell: (row) => <Amount unit={row.unit} amount={row.sum} />,
    },
  ];
  return (
    <Table
      caption={t("sums")}
      columns={columns}
      rows={proof.units}
      rowKey={(row) => row.unit}
      empty={<p className="text-ink-faint text-sm">{t("nothingBooked")}</p>}
    />
  );
}

function Differences({ differences }: { differences: Difference[] }) {
  const t = useTranslations("ledger");
  const columns: Column<Difference>[] = [
    {
      key: "order",
      header: t("order"),
      cell: (row) => (
        <Link href={`/console/orders/${row.orderId}`} className="text-brand-ink hover:underline">
          {row.orderNumber}
        </Link>
      ),
    },
    { key: "check", header: t("checkLabel"), cell: (row) => t(`checkName.${row.check}`) },
    {
      key: "account",
      header: t("account"),
      cell: (row) => (accounts.includes(row.account) ? t(`accountKind.${row.account}`) : row.account),
    },
    {
      key: "expected",
      header: t("expected"),
      align: "right",
      cell: (row) => <Amount unit={row.unit} amount={row.expected} />,
    },
    {
      key: "found",
      header: t("found"),
      align: "right",
      cell: (row) => <Amount unit={row.unit} amount={row.found} />,
    },
  ];
  return (
    <Table
      scroll
      caption={t("differences")}
      columns={columns}
      rows={differences}
      rowKey={(row) => `${row.orderId}|${row.unit}|${row.check}|${row.account}`}
      empty={null}
    />
  );
}

function Amount({ unit, amount }: { unit: string; amount: bigint }) {
  return unit === "PARTS" ? <Parts count={amount} /> : <Money micros={amount} currency={unit} />;
}
