/** An invited person opens their account: name, password, in. */
import { getTranslations } from "next-intl/server";
import { currentBrand } from "#app/_brand/current.ts";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { AcceptInvitationForm } from "#app/_entrance/set-password-form.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("inviteTitle") };
}

export default async function AcceptInvitationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [params, brand, t] = await Promise.all([searchParams, currentBrand(), getTranslations("signin")]);
  const token = single(params.token);
  return (
    <EntranceFrame title={t("inviteTitle")} lead={t("inviteLead", { name: brand.productName })}>
      {token ? <AcceptInvitationForm token={token} /> : <Callout kind="danger">{t("noToken")}</Callout>}
    </EntranceFrame>
  );
}
