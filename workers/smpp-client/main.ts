/** The process that holds the binds to carriers: sends what is queued, takes in receipts. */
import { env } from "#env.ts";
import { openDatabase } from "#workers/open-database.ts";
import { runWorker } from "#workers/process.ts";
import { Fleet } from "#workers/smpp-client/fleet.ts";
import { wireTrace } from "#workers/wire-trace.ts";

runWorker({
  name: "smpp-client",
  metricsPort: env.METRICS_PORT + 1,
  start: async () => {
    const db = openDatabase("smpp-client");
    if (env.WIRE_TRACE_DAYS > 0) wireTrace.start(db, "smpp-client");
    const fleet = new Fleet(db);
    await fleet.start();
    return {
      ready: () => fleet.isLoaded,
      isLive: () => fleet.isLive,
      close: async () => {
        await fleet.stop();
        await wireTrace.stop();
        await db.close();
      },
    };
  },
});
