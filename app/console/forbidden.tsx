/** A page that this person's role does not include. */
import { Lock } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";

export default async function ConsoleForbidden() {
  const t = await getTranslations("shell");
  return (
    <EmptyState
      isPage
      icon={Lock}
      title={t("forbiddenTitle")}
      description={t("forbiddenText")}
      action={<ButtonLink href="/console">{t("home")}</ButtonLink>}
    />
  );
}
