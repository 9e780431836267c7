/** The two views of recipients: lists and opt-outs. */
import { getTranslations } from "next-intl/server";
import { TabLinks } from "#app/_ui/tabs.tsx";

export async function RecipientsTabs({ current }: { current: "/console/recipients" | "/console/recipients/opt-outs" }) {
  const t = await getTranslations("contacts");
  const tabs = [
    { href: "/console/recipients", label: t("lists") },
    { href: "/console/recipients/opt-outs", label: t("optOuts") },
  ];
  return <TabLinks label={t("title")} tabs={tabs} current={current} />;
}
