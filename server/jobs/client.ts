/** The one Inngest client. Which engine answers is a matter of three settings; signed mode always, so that both take the same path. */
import { Inngest } from "inngest";
import { env } from "#env.ts";
import { log } from "#server/kernel/log.ts";

export const inngest = new Inngest({
  id: "banyan",
  isDev: false,
  baseUrl: env.INNGEST_BASE_URL ?? `http://127.0.0.1:${env.WORKFLOW_PORT}`,
  eventKey: env.INNGEST_EVENT_KEY,
  signingKey: env.INNGEST_SIGNING_KEY,
  logger: log,
});
