/** What the campaigns room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

const campaign = z.object({ campaignId: z.uuid(), tenantId: z.uuid() });

/** It may send now: after submission, approval, its hour, or a pause. */
export const campaignLaunch = eventType("campaigns/campaign.launch", campaign);
export const campaignScheduled = eventType(
  "campaigns/campaign.scheduled",
  campaign.extend({ scheduledAt: z.iso.datetime() }),
);
/** Its hour no longer holds: withdrawn, or stopped. */
export const campaignUnscheduled = eventType("campaigns/campaign.unscheduled", campaign);
export const campaignHeld = eventType("campaigns/campaign.held", campaign.extend({ reason: z.string() }));
export const campaignStopped = eventType("campaigns/campaign.stopped", campaign);
export const campaignCompleted = eventType("campaigns/campaign.completed", campaign);
