/** A moment in the tenant's zone, which it names; UTC on hover and for machines. */
import { useLocale, useTimeZone } from "next-intl";

type Precision = "day" | "minute" | "second";

export function DateTime({
  value,
  precision = "minute",
  timeZone,
  hideZone,
}: {
  value: Date | null | undefined;
  precision?: Precision;
  /** For a moment that belongs to another zone, such as a schedule's. */
  timeZone?: string;
  hideZone?: boolean;
}) {
  const locale = useLocale();
  const ownZone = useTimeZone() ?? "UTC";
  if (!value) return <span className="text-ink-faint">–</span>;
  const text = dateText(value, { locale, timeZone: timeZone ?? ownZone, precision, hideZone });
  return (
    <time
      dateTime={value.toISOString()}
      title={`${value.toISOString().slice(0, 19).replace("T", " ")} UTC`}
      className="whitespace-nowrap tabular-nums"
    >
      {text}
    </time>
  );
}

export function dateText(
  value: Date,
  how: { locale: string; timeZone: string; precision?: Precision; hideZone?: boolean },
): string {
  const precision = how.precision ?? "minute";
  const clock =
    precision === "day" ? {} : { hour: "2-digit" as const, minute: "2-digit" as const, hourCycle: "h23" as const };
  return new Intl.DateTimeFormat(how.locale, {
    timeZone: how.timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    ...clock,
    ...(precision === "second" ? { second: "2-digit" } : {}),
    ...(precision === "day" || how.hideZone ? {} : { timeZoneName: "short" }),
  }).format(value);
}
