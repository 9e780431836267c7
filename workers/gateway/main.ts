/** The gateway process. */
import { connect } from "#db/client.ts";
import { env } from "#env.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { buildGateway } from "#workers/gateway/server.ts";
import { runWorker } from "#workers/process.ts";
import { wireTrace } from "#workers/wire-trace.ts";

runWorker({
  name: "gateway",
  metricsPort: env.METRICS_PORT,
  async start() {
    const db = connect({
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL,
      poolSize: env.DATABASE_POOL,
      name: "gateway",
      genericPlans: true,
    });
    if (env.WIRE_TRACE_DAYS > 0) wireTrace.start(db, "gateway");
    const gateway = buildGateway({
      base: { db, clock: systemClock },
      web: { host: "127.0.0.1", port: env.WEB_PORT },
      trusted: env.TRUSTED_PROXIES,
      drainMs: env.DRAIN_SECONDS * 1_000,
      upgrades: env.NODE_ENV === "development",
    });
    await gateway.listen(env.PORT, env.HOST);
    return {
      ready: () => true,
      async close() {
        await gateway.close();
        await wireTrace.stop();
        await db.close();
      },
    };
  },
});
