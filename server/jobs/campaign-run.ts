/** Expands a campaign: step after step of recipients to submit, until all are handed over or it is paused, held or stopped. */
import { campaignLaunch } from "#server/domain/campaigns/events.ts";
import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** Recipients of one step, a second or two of work. A pause or a stop waits for a chunk of it, not for the step. */
const stepRows = 10_000;
/** Steps of one run; a longer campaign goes on in a new run. */
const maxSteps = 200;

export const campaignRun = inngest.createFunction(
  {
    id: "campaign-run",
    triggers: [{ event: campaignLaunch.name }],
    // Few at a time, so that the web's pool stays free; of one campaign one step after the other.
    concurrency: [{ limit: 4 }, { limit: 1, key: "event.data.campaignId" }],
    retries: 8,
  },
  async ({ event, step, runId }) => {
    const { campaignId, tenantId } = campaignLaunch.schema.parse(event.data);
    let fromOrdinal = 1;
    for (let n = 1; n <= maxSteps; n++) {
      const { status, nextOrdinal, isFull } = await step.run(`expand-${n}`, () =>
        expandCampaign(jobContext(jobBase(), "campaign-run", tenantId, runId), {
          campaignId,
          fromOrdinal,
          limit: stepRows,
        }),
      );
      if (status !== "running") return { status, nextOrdinal };
      fromOrdinal = nextOrdinal;
      if (isFull) await step.sleep(`queue-full-${n}`, "1s");
    }
    await step.sendEvent("go-on", { name: campaignLaunch.name, data: { campaignId, tenantId } });
    return { status: "running", nextOrdinal: fromOrdinal };
  },
);
