/** Where the workflow engine registers and calls the functions of server/jobs. */
import { serve } from "inngest/next";
import { inngest } from "#server/jobs/client.ts";
import { functions } from "#server/jobs/functions.ts";

/** Seconds. A step may take hours; the engine has a limit of its own. */
export const maxDuration = 7200;
export const dynamic = "force-dynamic";

export const { GET, POST, PUT } = serve({ client: inngest, functions });
