/** A length of time in the largest unit that says enough: 40 sec, 12 min, 3.5 h. */
import { useLocale } from "next-intl";

const units = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

export function Duration({ seconds }: { seconds: number }) {
  const locale = useLocale();
  const { unit, seconds: size } = units.find((one) => seconds >= one.seconds) ?? {
    unit: "second" as const,
    seconds: 1,
  };
  const value = seconds / size;
  const maximumFractionDigits = unit === "hour" || unit === "day" ? 1 : 0;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits }).format(
        value,
      )}
    </span>
  );
}
