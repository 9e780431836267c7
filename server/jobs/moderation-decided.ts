/** Carries out a moderators' decision: a campaign starts or is rejected, a batch is released or given back. */
import { carryOutDecision } from "#server/domain/campaigns/decide.ts";
import { rejectBatch, releaseBatch } from "#server/domain/messages/release.ts";
import { caseDecided } from "#server/domain/moderation/events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** Ten thousand messages, the most a batch has, take ten. */
const maxSteps = 40;

export const moderationDecided = inngest.createFunction(
  { id: "moderation-decided", triggers: [{ event: caseDecided.name }], concurrency: [{ limit: 4 }], retries: 8 },
  async ({ event, step, runId }) => {
    const { subjectType, subjectId, tenantId, decision } = caseDecided.schema.parse(event.data);
    const ctx = () => jobContext(jobBase(), "moderation-decided", tenantId, runId);
    if (subjectType === "campaign") {
      return step.run("campaign", () => carryOutDecision(ctx(), { campaignId: subjectId }));
    }
    const carryOut = decision === "approved" ? releaseBatch : rejectBatch;
    for (let n = 1; n <= maxSteps; n++) {
      const { remaining } = await step.run(`batch-${n}`, () => carryOut(ctx(), { tenantId, batchId: subjectId }));
      if (remaining === 0) return { decision };
    }
    throw new Error(`The batch ${subjectId} still has messages that wait for their decision.`);
  },
);
