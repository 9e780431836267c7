/** An address that leads nowhere, or to what this person may not see: one answer for both. */
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "#app/_ui/button.tsx";

export default async function NotFound() {
  const t = await getTranslations("shell");
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-2 p-6 text-center">
      <p className="font-semibold text-5xl text-brand-ink tracking-tight">404</p>
      <h1 className="mt-2 font-semibold text-xl">{t("notFoundTitle")}</h1>
      <p className="text-balance text-ink-faint">{t("notFoundText")}</p>
      <ButtonLink href="/" look="primary" className="mt-4">
        {t("home")}
      </ButtonLink>
    </main>
  );
}
