"use server";
/** Keeps the language that a person chose: in their account when signed in, and in this browser. */
import { cookies } from "next/headers";
import { isLocale, localeCookie } from "#app/_locale/locales.ts";
import { getContext } from "#server/auth/context.ts";
import { updateProfile } from "#server/domain/identity/own-account.ts";

const keptS = 365 * 24 * 60 * 60;

export async function chooseLocale(locale: string): Promise<void> {
  if (!isLocale(locale)) return;
  (await cookies()).set(localeCookie, locale, { maxAge: keptS, sameSite: "lax", path: "/" });
  const context = await getContext();
  if (context) await updateProfile(context, { locale });
}
