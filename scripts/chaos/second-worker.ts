/** A second smpp-client beside the one of the installation, kept running in the same way: two share the connectors. */
import { spawn } from "node:child_process";
import path from "node:path";
import { env } from "#env.ts";
import { freePort } from "#scripts/free-port.ts";
import { childOutput } from "#scripts/launch/output.ts";
import { type Supervised, supervise } from "#scripts/launch/supervise.ts";
import type { Product } from "#scripts/load/product.ts";

export type SecondWorker = { pid(): number; child: Supervised };

/** Of its port for health and metrics, see scripts/launch/children.ts. */
const metricsOffset = 1;

/** @param carrier may be in a private network */
export async function startSecondWorker(
  { dataDir, databaseUrl }: Pick<Product, "dataDir" | "databaseUrl">,
  carrier: { host: string; port: number },
): Promise<SecondWorker> {
  const { ENCRYPTION_KEY, OUTBOUND_PRIVATE } = env;
  const allowed = [...OUTBOUND_PRIVATE, `${carrier.host}:${carrier.port}`].join(",");
  const healthPort = await freePort();
  const output = childOutput("smpp-client-2", path.join(dataDir, "logs"));
  let pid = 0;
  const child = supervise({
    name: "smpp-client 2",
    output,
    stopSignal: "SIGTERM",
    stopTimeoutMs: 32_000,
    lastResort: "SIGKILL",
    spawn() {
      const worker = spawn(process.execPath, ["--enable-source-maps", ".build/workers/smpp-client/main.js"], {
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: {
          ...{ PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", LOG_LEVEL: "warn" },
          ...{ DATABASE_URL: databaseUrl, METRICS_PORT: String(healthPort - metricsOffset) },
          ...{ ENCRYPTION_KEY, OUTBOUND_PRIVATE: allowed },
        },
      });
      output.attach(worker.stdout, false);
      output.attach(worker.stderr, true);
      pid = worker.pid ?? 0;
      return worker;
    },
    isHealthy: async () => (await fetch(`http://127.0.0.1:${healthPort}/health`).catch(() => null))?.status === 200,
  });
  await child.start();
  return { pid: () => pid, child };
}
