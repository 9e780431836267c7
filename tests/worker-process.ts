/** Runs a worker as a process of its own, so that a suite can kill it like an operating system does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { freePort } from "#scripts/free-port.ts";

export type WorkerProcess = {
  pid: number;
  /** Resolves when it is gone, for whatever reason. */
  ended: Promise<unknown>;
  /** Ends it and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Processor seconds used so far, and resident memory in MiB. */
  usage(): { cpuSeconds: number; memoryMiB: number };
};

const clockTicks = 100;
const startTimeoutMs = 120_000;

/**
 * Ready when its /health says so.
 * @param metricsOffset the worker's own, see workers/process.ts
 */
export async function startWorker(
  script: string,
  metricsOffset: number,
  settings: Record<string, string>,
  flags: string[] = [],
): Promise<WorkerProcess> {
  const healthPort = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", script, ...flags], {
    env: { ...process.env, LOG_LEVEL: "warn", ...settings, METRICS_PORT: String(healthPort - metricsOffset) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(child, "exit");
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  onTestFinished(() => kill("SIGKILL"));
  await ready(child, healthPort);
  return { pid: child.pid ?? 0, ended, kill, usage: () => usageOf(child.pid ?? 0) };
}

async function ready(child: ChildProcess, healthPort: number): Promise<void> {
  const untilMs = Date.now() + startTimeoutMs;
  while (Date.now() < untilMs) {
    if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode}.`);
    const health = await fetch(`http://127.0.0.1:${healthPort}/health`).catch(() => null);
    if (health?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The worker did not become ready.");
}

function usageOf(pid: number): { cpuSeconds: number; memoryMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const residentKiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return { cpuSeconds: (Number(stat[11]) + Number(stat[12])) / clockTicks, memoryMiB: Math.round(residentKiB / 1_024) };
}
