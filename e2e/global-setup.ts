/** Before the journeys: the whole product, started as anybody starts it, on ports and data of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePortRun } from "#scripts/free-port.ts";

const readyTimeoutMs = 300_000;

/** Sets E2E_BASE_URL and E2E_DATA_DIR for the tests; its return value stops the product and expects a clean exit. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "banyan-e2e-"));
  const first = await freePortRun(16);
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...without(["DATABASE_URL", "TEST_DATABASE_URL", "BASE_URL", "NODE_ENV", "INNGEST_BASE_URL"]),
      DATA_DIR: dataDir,
      LOG_LEVEL: "warn",
      PORT: String(first),
      WEB_PORT: String(first + 1),
      WORKFLOW_PORT: String(first + 2),
      SIMULATOR_PORT: String(first + 3),
      SMPP_PORT: String(first + 5),
      METRICS_PORT: String(first + 6),
    },
  });
  await ready(child);
  process.env.E2E_DATA_DIR = dataDir;
  process.env.E2E_BASE_URL = `http://localhost:${first}`;
  return async () => {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    const [code] = await exit;
    rmSync(dataDir, { recursive: true, force: true });
    if (code !== 0) throw new Error(`The product did not stop cleanly: exit code ${code}.`);
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`Not ready in time:\n${said}`)), readyTimeoutMs);
    const listen = (data: Buffer) => {
      process.stdout.write(data);
      said += data;
      if (!/ s {2}ready\n/.test(said)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`The product ended with ${code}:\n${said}`)));
  });
}

function without(names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name))) as NodeJS.ProcessEnv;
}
