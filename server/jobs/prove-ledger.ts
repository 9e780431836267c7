/** Every night: proves that the ledger and the messages agree at every hop, to the last micro-unit. */
import { proveAll } from "#server/domain/ledger/prove-all.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";

export const proveLedger = inngest.createFunction(
  { id: "prove-ledger", triggers: [{ cron: "15 2 * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step, runId }) => step.run("prove", () => proveAll(jobContext(jobBase(), "prove-ledger", nilId, runId))),
);
