/** The relay as a process: outbox rows become workflow events, and the housekeeping loops run. */
import { connect } from "#db/client.ts";
import { env } from "#env.ts";
import { inngest } from "#server/jobs/client.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { runWorker } from "#workers/process.ts";
import { startRelay } from "./relay.ts";

runWorker({
  name: "relay",
  metricsPort: env.METRICS_PORT + 2,
  start: async () => {
    if (!env.INNGEST_EVENT_KEY)
      throw new Error("INNGEST_EVENT_KEY must be set: the engine takes no events without it.");
    // One connection for each loop and one for LISTEN.
    const db = connect({
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL,
      poolSize: 8,
      name: "relay",
    });
    const relay = await startRelay(
      db,
      (events) => inngest.send(events),
      systemClock.now,
      env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
    );
    return {
      ready: relay.isHealthy,
      isLive: relay.isLive,
      close: async () => {
        await relay.close();
        await db.close();
      },
    };
  },
});
