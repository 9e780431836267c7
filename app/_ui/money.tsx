/** Money and counts, exact and in the reader's notation. */
import { useLocale, useTranslations } from "next-intl";
import { cn } from "#app/_ui/cn.ts";
import { formatMicros } from "#server/kernel/money.ts";

/**
 * The exact decimal of micro-units with grouping and the currency's code; never rounded.
 * Intl formats a decimal given as text without passing through a float.
 */
export function moneyText(micros: bigint, currency: string, locale: string): string {
  const decimal = formatMicros(micros, currency) as Intl.StringNumericLiteral;
  const digits = (decimal.split(".")[1] ?? "").length;
  const number = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(decimal)}\u00a0${currency}`;
}

/** @property signed colours negative amounts */
export function Money({
  micros,
  currency,
  signed,
  className,
}: {
  micros: bigint;
  currency: string;
  signed?: boolean;
  className?: string;
}) {
  const locale = useLocale();
  return (
    <span className={cn("whitespace-nowrap tabular-nums", signed && micros < 0n && "text-danger", className)}>
      {moneyText(micros, currency, locale)}
    </span>
  );
}

export function Count({ value, className }: { value: number | bigint; className?: string }) {
  const locale = useLocale();
  return (
    <span className={cn("whitespace-nowrap tabular-nums", className)}>
      {new Intl.NumberFormat(locale).format(value)}
    </span>
  );
}

/** Parts of messages, with their word. */
export function Parts({ count, className }: { count: number | bigint; className?: string }) {
  const t = useTranslations("ui");
  return (
    <span className={cn("whitespace-nowrap tabular-nums", className)}>{t("partsCount", { count: Number(count) })}</span>
  );
}

/** @property share 0 … 1; null where there is nothing to divide by */
export function Percent({ share }: { share: number | null }) {
  const locale = useLocale();
  if (share === null || !Number.isFinite(share)) return <span className="text-ink-faint">–</span>;
  const text = new Intl.NumberFormat(locale, {
    style: "percent",
    // Shares stand below each other: their points must too.
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
  return <span className="whitespace-nowrap tabular-nums">{text}</span>;
}
