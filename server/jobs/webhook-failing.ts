/** Looks after an endpoint that does not answer: wakes it by the schedule, over days, until it does or is turned off. */
import { webhookFailing } from "#server/domain/webhooks/events.ts";
import { nextTry, wakeEndpoint } from "#server/domain/webhooks/wake.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** Five days hold about seventeen tries; one that a receiver's Retry-After brought costs a place as well. */
const maxTries = 200;
/** Longer than a try takes: then its outcome is known. */
const trySeconds = 60;

export const webhookFailingJob = inngest.createFunction(
  { id: "webhook-failing", triggers: [{ event: webhookFailing.name }], retries: 8 },
  async ({ event, step, runId }) => {
    const { webhookId, tenantId, since } = webhookFailing.schema.parse(event.data);
    const ctx = () => jobContext(jobBase(), "webhook-failing", tenantId, runId);
    for (let n = 1; n <= maxTries; n++) {
      const { isFailing, waitSeconds } = await step.run(`look-${n}`, () => nextTry(ctx(), { webhookId, since }));
      if (!isFailing) return { tries: n - 1 };
      await step.sleep(`wait-${n}`, `${waitSeconds}s`);
      const woken = await step.run(`wake-${n}`, () => wakeEndpoint(ctx(), { webhookId, since }));
      if (!woken.isFailing) return { tries: n };
      await step.sleep(`try-${n}`, `${trySeconds}s`);
    }
    return { tries: maxTries };
  },
);
