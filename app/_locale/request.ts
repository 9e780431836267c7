/** The language and the time zone of this request: the person's own setting, then the cookie, then the browser's wish. */
import "server-only";
import { cookies, headers } from "next/headers";
import { acceptedLocale, defaultLocale, isLocale, type Locale, localeCookie } from "#app/_locale/locales.ts";
import { currentViewer } from "#app/_trpc/viewer.ts";

export async function requestLocale(): Promise<Locale> {
  const own = (await currentViewer())?.user.locale;
  if (isLocale(own)) return own;
  const chosen = (await cookies()).get(localeCookie)?.value;
  if (isLocale(chosen)) return chosen;
  return acceptedLocale((await headers()).get("accept-language")) ?? defaultLocale;
}

/** Times are read in the zone of the person's tenant; UTC before sign-in. */
export async function requestTimeZone(): Promise<string> {
  return (await currentViewer())?.tenant.timeZone ?? "UTC";
}
