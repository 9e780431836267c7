/** After a stop: takes back what no worker sent, chunk by chunk; what a worker holds ends by its own answer. */
import { campaignStopped } from "#server/domain/campaigns/events.ts";
import { takeBackUnsent } from "#server/domain/campaigns/stop.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** A full queue takes ten; the others wait for messages in workers' hands to end or come back. */
const maxSteps = 60;

export const campaignStop = inngest.createFunction(
  {
    id: "campaign-stop",
    triggers: [{ event: campaignStopped.name }],
    concurrency: [{ limit: 4 }, { limit: 1, key: "event.data.campaignId" }],
    retries: 8,
  },
  async ({ event, step, runId }) => {
    const { campaignId, tenantId } = campaignStopped.schema.parse(event.data);
    const ctx = () => jobContext(jobBase(), "campaign-stop", tenantId, runId);
    for (let n = 1; n <= maxSteps; n++) {
      const { cancelled, remaining } = await step.run(`take-back-${n}`, () => takeBackUnsent(ctx(), { campaignId }));
      if (remaining === 0) return { remaining };
      if (cancelled === 0) await step.sleep(`in-hands-${n}`, "5s");
    }
    return { remaining: "left to the sweep" };
  },
);
