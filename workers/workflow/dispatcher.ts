/** The loop: fire what is due, claim what there is room for, make the calls, and keep their leases while they run. */
import { log } from "#server/kernel/log.ts";
import { callApp } from "./call.ts";
import { claimJobs, type Job, releaseJobs, renewLeases } from "./claim.ts";
import type { Engine } from "./engine.ts";
import { callSeconds, callsInFlight } from "./metrics.ts";
import { broken, type Outcome } from "./outcome.ts";
import { settleCall } from "./settle.ts";
import { fireCrons, fireWaits, prune } from "./timers.ts";

const pruneEveryMs = 60_000;
/** After the database failed: long enough not to fill the log, short enough to go on at once when it is back. */
const errorPauseMs = 500;
const settleTries = 20;

export class Dispatcher {
  readonly #engine: () => Engine;
  readonly #stop = new AbortController();
  readonly #breakOff = new AbortController();
  readonly #inFlight = new Map<string, Promise<void>>();
  #wakeUp: () => void = () => {};
  #isWoken = false;
  #loop: Promise<void> = Promise.resolve();
  #renewal: NodeJS.Timeout | undefined;
  #prunedAtMs = 0;
  #turnedAtMs = performance.now();

  constructor(engine: () => Engine) {
    this.#engine = engine;
  }

  start(): void {
    const { leaseMs } = this.#engine().settings;
    this.#renewal = setInterval(() => this.#renew(), leaseMs / 3);
    this.#loop = this.#run();
  }

  wake(): void {
    this.#isWoken = true;
    this.#wakeUp();
  }

  /** How long ago it last looked for work, with or without success. */
  silentMs(): number {
    return performance.now() - this.#turnedAtMs;
  }

  /** Takes no more calls, lets those under way end for a while, and gives the rest back. */
  async close(patienceMs: number): Promise<void> {
    this.#stop.abort();
    this.#wakeUp();
    await this.#loop;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
    await Promise.race([Promise.all(this.#inFlight.values()), patience]);
    clearInterval(this.#renewal);
    await releaseJobs(this.#engine(), [...this.#inFlight.keys()]);
    this.#breakOff.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#isWoken = false;
      this.#turnedAtMs = performance.now();
      try {
        const hasMore = await this.#round();
        if (!hasMore) await this.#pause(this.#engine().settings.pollMs);
      } catch (error) {
        log.error({ err: error }, "workflow loop failed, goes on");
        await this.#pause(errorPauseMs);
      }
    }
  }

  async #round(): Promise<boolean> {
    const engine = this.#engine();
    const hasMoreWaits = await fireWaits(engine);
    await fireCrons(engine);
    if (Date.now() - this.#prunedAtMs > pruneEveryMs) {
      this.#prunedAtMs = Date.now();
      await prune(engine);
    }
    const free = engine.settings.concurrency - this.#inFlight.size;
    const jobs = free > 0 ? await claimJobs(engine, free) : [];
    for (const job of jobs) this.#take(job);
    return hasMoreWaits || (jobs.length > 0 && this.#inFlight.size < engine.settings.concurrency);
  }

  #take(job: Job): void {
    const work = this.#make(job).finally(() => {
      this.#inFlight.delete(job.leaseToken);
      callsInFlight.set(this.#inFlight.size);
      this.wake();
    });
    this.#inFlight.set(job.leaseToken, work);
    callsInFlight.set(this.#inFlight.size);
  }

  async #make(job: Job): Promise<void> {
    const engine = this.#engine();
    const end = callSeconds.startTimer();
    try {
      const outcome = await callApp(engine, job, this.#breakOff.signal);
      end({ outcome: outcome.kind });
      await this.#store(job, outcome);
    } catch (error) {
      if (this.#breakOff.signal.aborted) return;
      log.error({ err: error, runId: job.runId }, "a call could not be made, its lease will end");
    }
  }

  /** The step has run: its result must not be lost to a database that is away for a moment. */
  async #store(job: Job, outcome: Outcome): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await settleCall(this.#engine(), job, outcome);
      } catch (error) {
        log.error({ err: error, runId: job.runId, tries }, "a call's outcome could not be stored");
        if (this.#breakOff.signal.aborted) return;
        // What the database cannot hold it will not hold later either: the attempt has failed, and attempts are counted.
        if (isUnstorable(error))
          return settleCall(this.#engine(), job, broken(`Its result cannot be stored: ${error}`));
        if (tries >= settleTries) return;
        await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 100 * 2 ** tries)));
      }
    }
  }

  #renew(): void {
    renewLeases(this.#engine(), [...this.#inFlight.keys()]).catch((error: unknown) => {
      log.error({ err: error }, "leases could not be renewed");
    });
  }

  #pause(ms: number): Promise<void> {
    if (this.#isWoken || this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Postgres error classes 22 (data), 23 (constraint) and 54 (limit). */
const isUnstorable = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && /^(22|23|54)/.test(String(error.code));
