/** A new password, by the link from the e-mail. */
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { ResetPasswordForm } from "#app/_entrance/set-password-form.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("resetTitle") };
}

export default async function ResetPasswordPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [params, t] = await Promise.all([searchParams, getTranslations("signin")]);
  const token = single(params.token);
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
      {token ? <ResetPasswordForm token={token} /> : <Callout kind="danger">{t("noToken")}</Callout>}
    </EntranceFrame>
  );
}
