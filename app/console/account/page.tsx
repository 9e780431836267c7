/** The signed-in person's own account: name, language, password, sessions. */
import { getTranslations } from "next-intl/server";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { Card, Facts } from "#app/_ui/card.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { ChangePassword, Profile, SignOutEverywhere } from "#app/console/account/account-forms.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("account"))("title") };
}

export default async function AccountPage() {
  const { user, tenant } = await requireViewer();
  const [t, roles] = await Promise.all([getTranslations("account"), getTranslations("roles")]);
  return (
    <>
      <PageHeader title={t("title")} description={user.email} />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <Card title={t("profile")} description={t("profileLead")}>
            <Profile name={user.name} locale={user.locale} />
          </Card>
          <Card title={t("membership")} description={t("membershipLead")}>
            <Facts
              facts={[
                { label: t("tenant"), value: tenant.name },
                { label: t("role"), value: roles(user.role) },
                { label: t("timeZone"), value: tenant.timeZone },
              ]}
            />
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Card title={t("password")} description={t("passwordLead")}>
            <ChangePassword email={user.email} />
          </Card>
          <Card title={t("sessions")} description={t("sessionsLead")}>
            <SignOutEverywhere />
          </Card>
        </div>
      </div>
    </>
  );
}
