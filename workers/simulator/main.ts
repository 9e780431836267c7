/** The simulated carrier as a process: SMPP on SIMULATOR_PORT, control over HTTP one port above. */
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";
import { Gauge } from "prom-client";
import { env } from "#env.ts";
import { log } from "#server/kernel/log.ts";
import { runWorker } from "#workers/process.ts";
import { controlServer } from "#workers/simulator/control.ts";
import { simulatorSettings } from "#workers/simulator/settings.ts";
import { Smsc } from "#workers/simulator/smsc.ts";

const { values: flags } = parseArgs({
  options: {
    port: { type: "string" },
    "control-port": { type: "string" },
    password: { type: "string" },
    /** Where promises are kept; "none" keeps them in memory only. */
    journal: { type: "string" },
    /** JSON, as POST /settings takes it. */
    settings: { type: "string" },
  },
});

const port = Number(flags.port ?? env.SIMULATOR_PORT);
const controlPort = Number(flags["control-port"] ?? port + 1);
const journal = flags.journal ?? path.join(env.DATA_DIR, "simulator", "journal.ndjson");

runWorker({
  name: "simulator",
  metricsPort: env.METRICS_PORT + 4,
  start: async () => {
    const smsc = new Smsc({
      settings: simulatorSettings.parse(JSON.parse(flags.settings ?? "{}")),
      password: flags.password ?? env.SIMULATOR_PASSWORD ?? null,
      journalPath: journal === "none" ? null : journal,
    });
    new Gauge({
      name: "banyan_simulator_total",
      help: "What the simulated carrier saw, by kind.",
      labelNames: ["kind"],
      collect() {
        for (const [kind, count] of Object.entries(smsc.memory.stats)) this.set({ kind }, count);
      },
    });
    await smsc.listen(port);
    const control = controlServer(smsc);
    control.listen(controlPort, "127.0.0.1");
    await once(control, "listening");
    log.info({ port, controlPort }, "simulator ready");
    return {
      ready: () => smsc.isListening,
      close: async () => {
        control.close();
        control.closeAllConnections();
        await smsc.close();
      },
    };
  },
});
