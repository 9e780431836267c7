"use server";
/** Keeps the language that a person chose. */
import { cookies } from "next/headers";
import { isLocale, localeCookie } from "#app/_locale/locales.ts";

const keptS = 365 * 24 * 60 * 60;

export async function chooseLocale(locale: string): Promise<void> {
  if (!isLocale(locale)) return;
  (await cookies()).set(localeCookie, locale, { maxAge: keptS, sameSite: "lax", path: "/" });
}
