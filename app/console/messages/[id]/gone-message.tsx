/** In the place of a message whose day is no longer kept: what is still known of it, and where. */
import { Archive } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { ButtonLink } from "#app/_ui/button.tsx";
import { dateText } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idTimeMs } from "#server/kernel/id.ts";

export function GoneMessage({ id }: { id: string }) {
  const t = useTranslations("messages");
  const locale = useLocale();
  // Days of messages are UTC's, whatever the reader's zone.
  const day = dateText(new Date(idTimeMs(id)), { locale, timeZone: "UTC", precision: "day" });
  return (
    <>
      <PageHeader title={t("gone.title")} crumbs={[{ label: t("title"), href: "/console/messages" }]} />
      <EmptyState
        icon={Archive}
        title={t("gone.text", { day })}
        description={t("gone.hint")}
        action={<ButtonLink href="/console/reports">{t("gone.reports")}</ButtonLink>}
      />
    </>
  );
}
