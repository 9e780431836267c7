/** Campaigns under way in the viewer's subtree; the island keeps their progress live. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Card } from "#app/_ui/card.tsx";
import { LiveCampaigns } from "#app/console/_dashboard/live-campaigns.tsx";

const shown = 5;

export async function RunningCampaigns() {
  const [caller, t] = await Promise.all([api(), getTranslations("dashboard")]);
  const { items } = await caller.campaigns.list({
    scope: "subtree",
    status: ["running", "sending", "paused", "held"],
    limit: shown,
  });
  if (items.length === 0) return null;
  const progress = await Promise.all(items.map(({ id }) => caller.campaigns.progress({ id })));
  const named = items.map(({ id, name, tenantName }) => ({ id, name, tenantName }));
  const title = t("running");
  return (
    <Card
      title={title}
      actions={
        <ButtonLink look="link" size="sm" href="/console/campaigns" aria-label={t("allOf", { title })}>
          {t("all")}
        </ButtonLink>
      }
    >
      <LiveCampaigns campaigns={named} initial={progress} />
    </Card>
  );
}
