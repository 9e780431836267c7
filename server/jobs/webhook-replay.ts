/** Carries out a replay, step by step, so that a range of millions neither locks nor fills anything. */
import { webhookReplayAsked } from "#server/domain/webhooks/events.ts";
import { continueReplay } from "#server/domain/webhooks/replay.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** Steps of one run; a longer replay goes on in a new run. */
const maxSteps = 200;

export const webhookReplay = inngest.createFunction(
  { id: "webhook-replay", triggers: [{ event: webhookReplayAsked.name }], concurrency: [{ limit: 2 }], retries: 8 },
  async ({ event, step, runId }) => {
    const { replayId, tenantId } = webhookReplayAsked.schema.parse(event.data);
    for (let n = 1; n <= maxSteps; n++) {
      const { isDone, queued } = await step.run(`step-${n}`, () =>
        continueReplay(jobContext(jobBase(), "webhook-replay", tenantId, runId), { id: replayId }),
      );
      if (isDone) return { queued };
    }
    await step.sendEvent("go-on", { name: webhookReplayAsked.name, data: { replayId, tenantId } });
    return { queued: null };
  },
);
