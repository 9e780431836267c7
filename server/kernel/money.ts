/** Money: bigint micro-units of a currency (1 VND = 1,000,000 micros). Floats never touch it. */
import { DomainError } from "#server/kernel/errors.ts";

export const microsPerUnit = 1_000_000n;

/**
 * Parses a decimal with at most six fraction digits, "." as the separator, into micro-units.
 * @throws invalid_input `bad_amount`
 */
export function parseMicros(text: string): bigint {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) {
    throw new DomainError("invalid_input", "bad_amount", "Write the amount as digits, with at most 6 after the point.");
  }
  const [, sign, whole = "0", fraction = ""] = match;
  const micros = BigInt(whole) * microsPerUnit + BigInt(fraction.padEnd(6, "0"));
  return sign ? -micros : micros;
}

/** The exact decimal: no rounding, at least the currency's usual fraction digits. 1500000n, "EUR" → "1.50". */
export function formatMicros(micros: bigint, currency: string): string {
  const sign = micros < 0n ? "-" : "";
  const absolute = micros < 0n ? -micros : micros;
  const digits = fractionDigits(currency);
  const fraction = (absolute % microsPerUnit).toString().padStart(6, "0").replace(/0+$/, "").padEnd(digits, "0");
  return `${sign}${absolute / microsPerUnit}${fraction ? `.${fraction}` : ""}`;
}

const knownDigits = new Map<string, number>();
/** More than ISO 4217 has; names that are none must not fill the memory. */
const mostKnown = 512;

/** ISO 4217 minor units. Asked once a currency: making a formatter costs more than all else that writes a price. */
export function fractionDigits(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  if (knownDigits.size < mostKnown) knownDigits.set(currency, digits);
  return digits;
}
