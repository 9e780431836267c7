/** What a job's context is made of: jobs are served by the web process, so they share its pool. */
import { base } from "#server/auth/database.ts";

/** For `jobContext(jobBase(), "job-id", tenantId, runId)`. */
export const jobBase = base;
