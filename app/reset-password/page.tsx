/** A new password, by the link from the e-mail. */
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { onKnownHostOnly } from "#app/_entrance/known-host.ts";
import { ResetPasswordForm } from "#app/_entrance/set-password-form.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("resetTitle") };
}

export default async function ResetPasswordPage() {
  await onKnownHostOnly();
  const t = await getTranslations("signin");
  return (
    <EntranceFrame
      title={t("resetTitle")}
      lead={t("resetLead")}
      footer={
        <Link href="/forgot-password" className="rounded text-ink-muted hover:text-ink hover:underline">
          {t("forgot")}
        </Link>
      }
    >
      <ResetPasswordForm />
    </EntranceFrame>
  );
}
