/** The status of a campaign, in the colours it has everywhere. */
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import type { ShownStatus as Status } from "#app/console/campaigns/shown-status.ts";

const tones: Record<Status, Tone> = {
  draft: "neutral",
  in_review: "warning",
  rejected: "danger",
  scheduled: "info",
  running: "info",
  sending: "info",
  finishing: "info",
  paused: "warning",
  held: "danger",
  completed: "success",
  stopped: "neutral",
};

export function CampaignStatus({ status }: { status: Status }) {
  const t = useTranslations("campaigns");
  return (
    <Badge tone={tones[status]} dot>
      {t(`statusOf.${status}`)}
    </Badge>
  );
}
