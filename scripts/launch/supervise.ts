/** One supervised child: starts it, waits for its health, restarts it with backoff when it dies, stops it within a bound. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type Output, say } from "#scripts/launch/output.ts";

export type ChildPlan = {
  name: string;
  /** Resolves when the process exists (it need not be ready yet). */
  spawn(): ChildProcess | Promise<ChildProcess>;
  isHealthy(): Promise<boolean>;
  /** Asked while it runs; without it, only its end makes it start again. */
  watch?: Watch;
  stopSignal: NodeJS.Signals;
  stopTimeoutMs: number;
  /** Sent when stopSignal did not end it in time. */
  lastResort: NodeJS.Signals;
  output: Output;
};

export type Watch = {
  /** False: no answer in time, or it says itself that it stands still. */
  isAlive(): Promise<boolean>;
  /** True while nobody can blame it: what it depends on is away. */
  isExcused(): Promise<boolean>;
  everyMs: number;
  /** Not alive for this long in a row, it is ended and started again. */
  patienceMs: number;
};

export type Supervised = {
  name: string;
  /** Resolves when it is healthy for the first time. @throws one line when it is not within a minute */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** No waiting: for a second Ctrl-C. */
  kill(): void;
};

const startTimeoutMs = 60_000;
/** Who ran for so long was not started in vain: one that is killed now and then comes back at once, every time. */
const stableMs = 10_000;
const firstDelayMs = 500;
const maxDelayMs = 30_000;
const failuresAtStart = 3;
/** From the polite signal to the last one, for a child that is hung. */
const hungGraceMs = 5_000;

/** 0.5, 1, 2, 4 … at most 30 seconds. */
export function backoffMs(failures: number): number {
  return Math.min(maxDelayMs, firstDelayMs * 2 ** Math.max(0, failures - 1));
}

export function supervise(plan: ChildPlan): Supervised {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;
  let failures = 0;
  let firstError: Error | null = null;
  let over: Promise<void> = Promise.resolve();

  const keepAlive = async () => {
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const ended = await runOnce();
      if (stopping.signal.aborted) return;
      failures = Date.now() - startedAt > stableMs ? 1 : failures + 1;
      say(`${plan.name} ${ended}; starting it again in ${backoffMs(failures) / 1000} s`);
      await pause(backoffMs(failures), stopping.signal);
    }
  };

  const runOnce = async (): Promise<string> => {
    try {
      child = await plan.spawn();
    } catch (error) {
      firstError ??= error as Error;
      return `did not start (${(error as Error).message})`;
    }
    const exit = once(child, "exit");
    if (stopping.signal.aborted) child.kill(plan.stopSignal);
    const over = new AbortController();
    const hung = plan.watch ? endWhenHung(plan, plan.watch, child, over.signal) : Promise.resolve(false);
    const [code, signal] = await exit.catch((error) => [error.message, null]);
    over.abort();
    child = null;
    if (await hung) return `did not answer and was ended (${signal ?? code})`;
    return signal ? `was killed (${signal})` : `ended (${code})`;
  };

  return {
    name: plan.name,
    async start() {
      over = keepAlive();
      const deadline = Date.now() + startTimeoutMs;
      while (!(await plan.isHealthy())) {
        if (firstError) throw firstError;
        if (stopping.signal.aborted) throw new Error("stopped");
        if (failures >= failuresAtStart || Date.now() > deadline) throw new Error(notReady(plan));
        await pause(50, stopping.signal);
      }
    },
    async stop() {
      stopping.abort();
      child?.kill(plan.stopSignal);
      const late = setTimeout(() => child?.kill(plan.lastResort), plan.stopTimeoutMs);
      await over;
      clearTimeout(late);
    },
    kill() {
      stopping.abort();
      child?.kill(plan.lastResort);
    },
  };
}

/** @returns whether it was ended */
async function endWhenHung(plan: ChildPlan, watch: Watch, child: ChildProcess, over: AbortSignal): Promise<boolean> {
  let aliveAtMs = performance.now();
  while (!over.aborted) {
    await pause(watch.everyMs, over);
    if (over.aborted) return false;
    if ((await watch.isAlive()) || (await watch.isExcused())) aliveAtMs = performance.now();
    if (performance.now() - aliveAtMs < watch.patienceMs) continue;
    child.kill(plan.stopSignal);
    await pause(hungGraceMs, over);
    if (!over.aborted) child.kill(plan.lastResort);
    return true;
  }
  return false;
}

function notReady({ name, output }: ChildPlan): string {
  const reason = output.lastError() ? ` It said: ${output.lastError()}` : "";
  return `${name} did not become ready.${reason} More in ${output.file}`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
