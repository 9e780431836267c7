/** A suspension was lifted or an order started: campaigns that were held by it go on. */
import { resumeHeldCampaigns } from "#server/domain/campaigns/resume-held.ts";
import { orderActivated } from "#server/domain/orders/events.ts";
import { tenantResumed } from "#server/domain/tenants/events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

export const campaignResumeHeld = inngest.createFunction(
  {
    id: "campaign-resume-held",
    triggers: [{ event: tenantResumed.name }, { event: orderActivated.name }],
    concurrency: [{ limit: 1 }],
    retries: 8,
  },
  async ({ event, step, runId }) => {
    const subtree =
      event.name === tenantResumed.name
        ? tenantResumed.schema.parse(event.data).tenantId
        : orderActivated.schema.parse(event.data).buyerId;
    return step.run("resume", async () => ({
      resumed: await resumeHeldCampaigns(jobContext(jobBase(), "campaign-resume-held", subtree, runId)),
    }));
  },
);
