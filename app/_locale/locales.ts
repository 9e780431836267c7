/** The languages of the console, and the one that a browser's Accept-Language asks for. */

export const locales = ["en", "vi", "ru"] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = "en";
export const localeCookie = "locale";

/** Each language's own name: never translated, so that everybody finds theirs. */
export const localeNames: Record<Locale, string> = { en: "English", vi: "Tiếng Việt", ru: "Русский" };

export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale);

/** The best match by quality value (RFC 9110 section 12.5.4), or null. */
export function acceptedLocale(header: string | null): Locale | null {
  const wishes = (header ?? "")
    .split(",")
    .slice(0, 20)
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.find((p) => p.trim().startsWith("q="));
      return { language: tag.split("-")[0] ?? "", quality: quality ? Number(quality.trim().slice(2)) || 0 : 1 };
    })
    .filter((wish) => wish.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of wishes) if (isLocale(language)) return language;
  return null;
}
