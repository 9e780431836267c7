"use client";
/** The campaign's status from the same answer as its figures: the page behind it is drawn anew a moment later. */
import { useProgress } from "#app/console/campaigns/[id]/use-progress.ts";
import { CampaignStatus } from "#app/console/campaigns/campaign-status.tsx";
import { shownStatus } from "#app/console/campaigns/shown-status.ts";
import type { Progress } from "#server/domain/campaigns/progress.ts";

export function LiveStatus({ initial }: { initial: Progress }) {
  return <CampaignStatus status={shownStatus(useProgress(initial))} />;
}
