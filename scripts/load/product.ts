/** The whole product, started as anybody starts it, on ports and data of its own: for journeys, load and crash runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { freePortRun } from "#scripts/free-port.ts";
import { openFolder } from "#scripts/open-folder.ts";
import type { Demo } from "#scripts/seed.ts";

/** A build on a busy machine takes minutes. */
const readyTimeoutMs = 900_000;

export type Product = {
  baseUrl: string;
  dataDir: string;
  /** Of the embedded Postgres, with its password. */
  databaseUrl: string;
  simulatorControl: string;
  /** Nothing of the product listens here, and its webhooks may be sent to it. */
  sinkPort: number;
  /** Each worker answers /health at this port and its offset. */
  metricsPort: number;
  demo: Demo;
  supervisor: number;
  /** Process ids by name: web, gateway, relay, workflow, smpp-client, simulator, postgres, and the supervisor itself. */
  processes(): Map<string, number>;
  /** Expects a clean exit and removes the data. */
  stop(): Promise<void>;
};

export async function startProduct(extra: Record<string, string> = {}): Promise<Product> {
  const dataDir = openFolder("product");
  const first = await freePortRun(16);
  const sinkPort = first + 15;
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...without(["DATABASE_URL", "TEST_DATABASE_URL", "BASE_URL", "NODE_ENV", "INNGEST_BASE_URL", "ENCRYPTION_KEY"]),
      DATA_DIR: dataDir,
      LOG_LEVEL: "warn",
      PORT: String(first),
      WEB_PORT: String(first + 1),
      WORKFLOW_PORT: String(first + 2),
      SIMULATOR_PORT: String(first + 3),
      SMPP_PORT: String(first + 5),
      METRICS_PORT: String(first + 6),
      OUTBOUND_PRIVATE: `127.0.0.1:${sinkPort}`,
      ...extra,
    },
  });
  await ready(child);
  return {
    baseUrl: `http://localhost:${first}`,
    dataDir,
    databaseUrl: databaseUrlOf(dataDir),
    simulatorControl: `http://127.0.0.1:${first + 4}`,
    sinkPort,
    metricsPort: first + 6,
    demo: JSON.parse(readFileSync(path.join(dataDir, "demo.json"), "utf8")) as Demo,
    supervisor: child.pid ?? 0,
    processes: () => processesOf(child.pid ?? 0),
    async stop() {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const [code] = await exit;
      rmSync(dataDir, { recursive: true, force: true });
      if (code !== 0) throw new Error(`The product did not stop cleanly: exit code ${code}.`);
    },
  };
}

/** Made by an installation that was given none. */
export function encryptionKeyOf(dataDir: string): string {
  const secrets = JSON.parse(readFileSync(path.join(dataDir, "secrets.json"), "utf8")) as { ENCRYPTION_KEY: string };
  return secrets.ENCRYPTION_KEY;
}

/** Of the embedded Postgres of an installation. */
export function databaseUrlOf(dataDir: string): string {
  const password = readFileSync(path.join(dataDir, "postgres-password"), "utf8").trim();
  const port = readFileSync(path.join(dataDir, "postgres-port"), "utf8").trim();
  return `postgres://banyan:${password}@127.0.0.1:${port}/banyan`;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`Not ready in time:\n${said}`));
    }, readyTimeoutMs);
    const listen = (data: Buffer) => {
      process.stdout.write(data);
      if (said.length < 100_000) said += data;
      if (!/ s {2}ready\n/.test(said)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`The product ended with ${code}:\n${said}`)));
  });
}

/** Reads /proc: the supervisor's children, named by what they run. Linux only, as the runs that need it. */
export function processesOf(supervisor: number): Map<string, number> {
  const found = new Map([["supervisor", supervisor]]);
  const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, "utf8").trim().split(" ");
  for (const pid of children.filter(Boolean)) {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const worker = /workers\/([a-z-]+)\/main/.exec(command)?.[1];
    const name = worker ?? (/bin\/postgres /.test(command) ? "postgres" : /next/.test(command) ? "web" : null);
    if (name) found.set(name, Number(pid));
  }
  return found;
}

/** Peak resident memory in MiB. */
export function peakMemoryMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

/** CPU seconds used so far, in user and kernel mode, by the process and by children of it that have ended. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticksPerSecond = 100;
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** The same over the process and all that live below it: Postgres works in children, one for each connection. */
export function cpuSecondsBelow(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  return children.reduce((sum, child) => sum + cpuOrNone(Number(child)), cpuSeconds(pid));
}

/** It may end while we look. */
function cpuOrNone(pid: number): number {
  try {
    return cpuSecondsBelow(pid);
  } catch {
    return 0;
  }
}

function without(names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name))) as NodeJS.ProcessEnv;
}
