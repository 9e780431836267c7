/** The process that tells clients by HTTP what became of their messages. */
import { env } from "#env.ts";
import { openDatabase } from "#workers/open-database.ts";
import { runWorker } from "#workers/process.ts";
import { WebhookFleet } from "#workers/webhooks/fleet.ts";

runWorker({
  name: "webhooks",
  metricsPort: env.METRICS_PORT + 6,
  start: async () => {
    const db = openDatabase("webhooks");
    const fleet = new WebhookFleet(db);
    await fleet.start();
    return {
      ready: () => fleet.isLoaded,
      isLive: () => fleet.isLive,
      close: async () => {
        await fleet.stop();
        await db.close();
      },
    };
  },
});
