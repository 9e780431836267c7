/** Waits for the hour of a scheduled campaign and launches it, unless it was withdrawn or stopped meanwhile. */
import { campaignScheduled, campaignUnscheduled } from "#server/domain/campaigns/events.ts";
import { launchScheduled } from "#server/domain/campaigns/launch.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

export const campaignSchedule = inngest.createFunction(
  {
    id: "campaign-schedule",
    triggers: [{ event: campaignScheduled.name }],
    cancelOn: [{ event: campaignUnscheduled.name, if: "event.data.campaignId == async.data.campaignId" }],
    retries: 8,
  },
  async ({ event, step, runId }) => {
    const { campaignId, tenantId, scheduledAt } = campaignScheduled.schema.parse(event.data);
    await step.sleepUntil("hour", scheduledAt);
    return step.run("launch", () =>
      launchScheduled(jobContext(jobBase(), "campaign-schedule", tenantId, runId), {
        campaignId,
        scheduledAt: new Date(scheduledAt),
      }),
    );
  },
);
