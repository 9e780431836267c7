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

/** Runtimes still list some zones under the name they had before a city was renamed. */
const renamedZones: Record<string, string> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "America/Godthab": "America/Nuuk",
};

export function timeZoneOptions(): Option[] {
  const zones = Intl.supportedValuesOf("timeZone").map((zone) => renamedZones[zone] ?? zone);
  return [...new Set(["UTC", ...zones])].sort().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}

export function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
}
