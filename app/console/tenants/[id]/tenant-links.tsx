/** From a tenant to what is its own elsewhere in the console: messages, users, brand, keys, e-mails, the log. */
import { getTranslations } from "next-intl/server";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { navigation } from "#app/console/_shell/navigation.ts";

/** Pages that take a tenant in their address. */
const pages = ["messages", "brand", "users", "apiKeys", "smppAccounts", "emails", "auditLog"];

export async function TenantLinks({ tenantId, viewer }: { tenantId: string; viewer: Viewer }) {
  const t = await getTranslations("shell");
  const items = navigation
    .flatMap((group) => group.items)
    .filter((item) => pages.includes(item.key) && viewer.may(item.permission));
  return (
    <nav aria-label={t("goTo")} className="mt-5 flex flex-wrap gap-2 border-line border-t pt-4">
      {items.map((item) => (
        <ButtonLink key={item.key} size="sm" href={`${item.href}?tenant=${tenantId}`}>
          {t(`item.${item.key}`)}
        </ButtonLink>
      ))}
    </nav>
  );
}
