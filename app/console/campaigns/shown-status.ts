/** What a campaign is shown to be: its status, and whether of what runs only the last receipts are missing. Pure. */
import type { Progress } from "#server/domain/campaigns/progress.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";

export type ShownStatus = CampaignStatus | "finishing";

type Known = Pick<Progress, "status" | "recipients" | "refused" | "accepted" | "sent" | "failed" | "queued">;

/** Carriers have all that was accepted, or it has failed before: nothing is left to send, and the end is to be heard. */
export function shownStatus({ status, recipients, refused, accepted, sent, failed, queued }: Known): ShownStatus {
  if (status !== "running" && status !== "sending") return status;
  const isHandedOver = recipients > 0 && accepted + refused >= recipients && queued === 0;
  return isHandedOver && sent + failed >= accepted ? "finishing" : status;
}
