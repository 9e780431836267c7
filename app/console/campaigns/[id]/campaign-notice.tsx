/** What a campaign waits for, why it was held or rejected, and what to do about it. */
import { getTranslations } from "next-intl/server";
import { Callout } from "#app/_ui/callout.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { StoppedNotice } from "#app/console/campaigns/[id]/stopped-notice.tsx";
import type { CampaignDetail } from "#server/domain/campaigns/get.ts";
import type { Progress } from "#server/domain/campaigns/progress.ts";

export async function CampaignNotice({ campaign, progress }: { campaign: CampaignDetail; progress: Progress }) {
  const t = await getTranslations("campaigns");
  const { status, statusReason, scheduledAt, timeZone } = campaign;
  switch (status) {
    case "in_review":
      return <Callout kind="warning">{t(campaign.isOwn ? "notice.in_review" : "notice.in_reviewBelow")}</Callout>;
    case "rejected":
      return (
        <Callout kind="danger" title={t("notice.rejected")}>
          {statusReason}
          <p>{t("notice.rejectedHint")}</p>
        </Callout>
      );
    case "scheduled":
      return (
        <Callout title={t("notice.scheduled")}>
          <DateTime value={scheduledAt} timeZone={timeZone ?? undefined} />
          {timeZone ? ` · ${timeZone}` : null}
        </Callout>
      );
    case "held": {
      const reason = statusReason ?? "";
      return (
        <Callout kind="danger" title={t("notice.held")}>
          {t.has(`refusal.${reason}`) ? t(`refusal.${reason}`) : reason.replaceAll("_", " ")}
          <p>{t("notice.heldHint")}</p>
        </Callout>
      );
    }
    case "paused":
      return <Callout kind="warning">{t("notice.paused")}</Callout>;
    case "stopped":
      return <StoppedNotice initial={progress} />;
    default:
      return null;
  }
}
