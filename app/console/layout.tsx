/** Everything behind the sign-in: the frame in the brand of the host or the tenant, the menu by permission. */
import { NextIntlClientProvider } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentBrand } from "#app/_brand/current.ts";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Frame } from "#app/console/_shell/frame.tsx";
import { visibleNavigation } from "#app/console/_shell/navigation.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer();
  const [brand, t] = await Promise.all([currentBrand(), getTranslations("shell")]);
  const { tenantId, productName, logoVersion } = brand;
  return (
    <NextIntlClientProvider>
      <Frame
        brand={{ tenantId, productName, logoVersion }}
        person={{ name: viewer.user.name, role: viewer.user.role, tenantName: viewer.tenant.name }}
        groups={visibleNavigation(viewer.permissions, viewer.tenant.kind)}
      >
        {viewer.tenant.status === "suspended" ? (
          <Callout kind="warning" title={t("suspendedTitle")} className="mb-5">
            {t("suspendedText")}
          </Callout>
        ) : null}
        {children}
      </Frame>
    </NextIntlClientProvider>
  );
}
