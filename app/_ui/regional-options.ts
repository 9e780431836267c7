/** The choices of countries, currencies and time zones, named in the reader's language by the runtime's own data. */
import type { Option } from "#app/_ui/input.tsx";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Known to the runtime as regions, but no countries: unions, test codes, the unknown. */
const notCountries = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

export function countryOptions(locale: string): Option[] {
  const names = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
  const codes = [...letters].flatMap((first) => [...letters].map((second) => first + second));
  return codes
    .filter((code) => !notCountries.has(code) && new Intl.Locale(`und-${code}`).region === code)
    .flatMap((code) => {
      const name = names.of(code);
      return name ? [{ value: code, label: `${name} (${code})` }] : [];
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

export function currencyOptions(locale: string): Option[] {
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  return Intl.supportedValuesOf("currency").map((code) => ({ value: code, label: `${code} · ${names.of(code)}` }));
}

export function timeZoneOptions(): Option[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => ({ value: zone, label: zone }));
}

export function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
}
