/** A number of bytes in the unit that people read: 812 kB, 4.2 GB. */
import { useLocale } from "next-intl";

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function ByteSize({ value }: { value: number }) {
  const locale = useLocale();
  const place = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const text = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[place] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: place > 1 ? 1 : 0,
  }).format(value / 1_000 ** place);
  return <span className="whitespace-nowrap tabular-nums">{text}</span>;
}
