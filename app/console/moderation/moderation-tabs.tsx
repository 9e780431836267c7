/** The views of moderation, each an address. */
import { getTranslations } from "next-intl/server";
import { TabLinks } from "#app/_ui/tabs.tsx";

export type ModerationTab = "mine" | "open" | "all" | "policy";

const hrefs: Record<ModerationTab, string> = {
  mine: "/console/moderation",
  open: "/console/moderation?tab=open",
  all: "/console/moderation?tab=all",
  policy: "/console/moderation/policy",
};

/** @property waiting how many cases wait for the reader */
export async function ModerationTabs({ current, waiting }: { current: ModerationTab; waiting?: number }) {
  const t = await getTranslations("moderation");
  const tabs = (Object.keys(hrefs) as ModerationTab[]).map((tab) => ({
    href: hrefs[tab],
    label: t(`tab.${tab}`),
    count: tab === "mine" ? waiting : undefined,
  }));
  return <TabLinks label={t("title")} tabs={tabs} current={hrefs[current]} />;
}
