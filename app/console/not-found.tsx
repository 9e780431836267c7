/** Inside the console: a record that is not there, or not in this person's scope. */
import { SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";

export default async function ConsoleNotFound() {
  const t = await getTranslations("shell");
  return (
    <EmptyState
      isPage
      icon={SearchX}
      title={t("notFoundTitle")}
      description={t("notFoundText")}
      action={<ButtonLink href="/console">{t("home")}</ButtonLink>}
    />
  );
}
