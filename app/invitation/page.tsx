/** An invited person opens their account: name, password, in. */
import { getTranslations } from "next-intl/server";
import { currentBrand } from "#app/_brand/current.ts";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { onKnownHostOnly } from "#app/_entrance/known-host.ts";
import { AcceptInvitationForm } from "#app/_entrance/set-password-form.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("inviteTitle") };
}

export default async function AcceptInvitationPage() {
  await onKnownHostOnly();
  const [brand, t] = await Promise.all([currentBrand(), getTranslations("signin")]);
  return (
    <EntranceFrame title={t("inviteTitle")} lead={t("inviteLead", { name: brand.productName })}>
      <AcceptInvitationForm />
    </EntranceFrame>
  );
}
