/** Every minute: campaigns that stand still without reason, that may go on after a top-up, and uploads that were cut off. */
import { finishCampaigns } from "#server/domain/campaigns/finish.ts";
import { resumeHeldCampaigns } from "#server/domain/campaigns/resume-held.ts";
import { sweepStopped, wakeCampaigns } from "#server/domain/campaigns/sweep.ts";
import { failStaleImports } from "#server/domain/contacts/fail-stale-imports.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";

export const campaignSweep = inngest.createFunction(
  { id: "campaign-sweep", triggers: [{ cron: "* * * * *" }], concurrency: [{ limit: 1 }], retries: 2 },
  async ({ step, runId }) => {
    const ctx = () => jobContext(jobBase(), "campaign-sweep", nilId, runId);
    await step.run("finish", () => finishCampaigns(jobBase()));
    await step.run("wake", () => wakeCampaigns(ctx()));
    await step.run("stopped", () => sweepStopped(ctx()));
    await step.run("resume-held", () => resumeHeldCampaigns(ctx()));
    await step.run("stale-imports", () => failStaleImports(ctx()));
  },
);
