/** next-intl's request configuration: locale, catalogue, time zone. There is no locale in URLs. */
import { hasLocale } from "next-intl";
import { getRequestConfig } from "next-intl/server";
import { locales } from "#app/_locale/locales.ts";
import { loadMessages } from "#app/_locale/messages.ts";
import { requestLocale, requestTimeZone } from "#app/_locale/request.ts";

export default getRequestConfig(async ({ locale: asked }) => {
  const locale = hasLocale(locales, asked) ? asked : await requestLocale();
  return { locale, messages: await loadMessages(locale), timeZone: await requestTimeZone() };
});
