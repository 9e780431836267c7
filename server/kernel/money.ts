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

/** ISO 4217 minor units. */
export function fractionDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
