"use client";
/** The three languages in their own names. */
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { chooseLocale } from "#app/_locale/actions.ts";
import { localeNames, locales } from "#app/_locale/locales.ts";
import { cn } from "#app/_ui/cn.ts";

export function LanguageSwitch() {
  const t = useTranslations("shell");
  const current = useLocale();
  const router = useRouter();
  return (
    <fieldset className="flex gap-1" aria-label={t("language")}>
      {locales.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === current}
          className={cn(
            "rounded-md px-2 py-1 text-xs",
            locale === current ? "font-medium text-ink" : "text-ink-faint hover:text-ink",
          )}
          onClick={async () => {
            await chooseLocale(locale);
            router.refresh();
          }}
        >
          {localeNames[locale]}
        </button>
      ))}
    </fieldset>
  );
}
