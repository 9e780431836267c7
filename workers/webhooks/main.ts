/** The process that tells clients by HTTP what became of their messages. */
import { connect } from "#db/client.ts";
import { env } from "#env.ts";
import { runWorker } from "#workers/process.ts";
import { WebhookFleet } from "#workers/webhooks/fleet.ts";

runWorker({
  name: "webhooks",
  metricsPort: env.METRICS_PORT + 6,
  start: async () => {
    const db = connect({
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL,
      poolSize: env.DATABASE_POOL,
      name: "webhooks",
      genericPlans: true,
    });
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
