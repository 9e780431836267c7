/** Asks for a link to set a new password; the answer never tells whether the address has an account. */
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { onKnownHostOnly } from "#app/_entrance/known-host.ts";
import { ForgotPasswordForm } from "#app/forgot-password/forgot-password-form.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("forgotTitle") };
}

export default async function ForgotPasswordPage() {
  await onKnownHostOnly();
  const t = await getTranslations("signin");
  return (
    <EntranceFrame
      title={t("forgotTitle")}
      lead={t("forgotLead")}
      footer={
        <Link href="/sign-in" className="rounded text-ink-muted hover:text-ink hover:underline">
          {t("backToSignIn")}
        </Link>
      }
    >
      <ForgotPasswordForm />
    </EntranceFrame>
  );
}
