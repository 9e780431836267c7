/** The embedded workflow server as a process. Not started where INNGEST_BASE_URL points to another engine. */
import { connect } from "#db/client.ts";
import { env } from "#env.ts";
import { runWorker } from "#workers/process.ts";
import { startWorkflowServer } from "./server.ts";
import { defaultSettings } from "./settings.ts";

runWorker({
  name: "workflow",
  metricsPort: env.METRICS_PORT + 3,
  start: async () => {
    const { INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey } = env;
    if (!eventKey || !signingKey) {
      throw new Error(
        "INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY must be set, to the same values as for the web process.",
      );
    }
    const db = connect({
      url: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      poolSize: env.DATABASE_POOL,
      name: "workflow",
    });
    const server = await startWorkflowServer(db, {
      ...defaultSettings,
      port: env.WORKFLOW_PORT,
      eventKey,
      signingKey,
      appUrl: `http://127.0.0.1:${env.WEB_PORT}/api/inngest`,
      concurrency: env.WORKFLOW_CONCURRENCY,
    });
    return {
      // Ready to take events; an app that is still starting does not make it less so.
      ready: () => true,
      isLive: server.isLive,
      close: async () => {
        await server.close();
        await db.close();
      },
    };
  },
});
