/** The process to which clients bind. */
import { readFileSync } from "node:fs";
import { connect } from "#db/client.ts";
import { env } from "#env.ts";
import { log } from "#server/kernel/log.ts";
import { runWorker } from "#workers/process.ts";
import { SmppServer } from "#workers/smpp-server/server.ts";
import { wireTrace } from "#workers/wire-trace.ts";

runWorker({
  name: "smpp-server",
  metricsPort: env.METRICS_PORT + 5,
  start: async () => {
    const db = connect({
      url: env.DATABASE_URL,
      directUrl: env.DATABASE_DIRECT_URL,
      poolSize: env.DATABASE_POOL,
      name: "smpp-server",
      genericPlans: true,
    });
    if (env.WIRE_TRACE_DAYS > 0) wireTrace.start(db, "smpp-server");
    const server = new SmppServer({ db });
    await server.start();
    const { SMPP_TLS_PORT: tlsPort, SMPP_TLS_CERT: cert, SMPP_TLS_KEY: key } = env;
    if (tlsPort && cert && key) {
      await server.listen(tlsPort, env.HOST, { cert: readFileSync(cert), key: readFileSync(key) });
    } else if (tlsPort) log.warn("SMPP_TLS_PORT is not opened: SMPP_TLS_CERT and SMPP_TLS_KEY name no files");
    await server.listen(env.SMPP_PORT, env.HOST);
    return {
      ready: () => server.isReady,
      isLive: () => server.isLive,
      close: async () => {
        await server.close();
        await wireTrace.stop();
        await db.close();
      },
    };
  },
});
