/** A bounded loop: one pass at a time, at its own pace, sooner when it is woken, later and later while it fails. */
import { Counter } from "prom-client";
import { log } from "#server/kernel/log.ts";

export type LoopWork = {
  name: string;
  /** Pause after a pass that left nothing to do. */
  everyMs: number;
  /** One bounded pass. @returns true when there is more to do at once */
  pass(): Promise<boolean>;
};

export type Loop = {
  wake(): void;
  /** False while the last pass failed. */
  isHealthy(): boolean;
  /** How long ago a pass ended, well or not. */
  silentMs(): number;
  /** Ends after the pass under way. */
  stop(): Promise<void>;
};

const firstBackoffMs = 200;
const maxBackoffMs = 10_000;
const passes = new Counter({ name: "relay_passes_total", help: "Passes of a loop", labelNames: ["loop", "result"] });

export function startLoop({ name, everyMs, pass }: LoopWork): Loop {
  let isStopped = false;
  let isWoken = false;
  let failures = 0;
  let turnedAtMs = performance.now();
  let wakeUp: () => void = () => {};

  const pause = (ms: number, isWakeable: boolean): Promise<void> => {
    if (isStopped || (isWoken && isWakeable)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        if (!isStopped && !isWakeable) return;
        clearTimeout(timer);
        resolve();
      };
    });
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      isWoken = false;
      turnedAtMs = performance.now();
      try {
        const hasMore = await pass();
        failures = 0;
        passes.inc({ loop: name, result: "ok" });
        if (!hasMore) await pause(everyMs, true);
      } catch (error) {
        failures += 1;
        passes.inc({ loop: name, result: "failed" });
        log.error({ err: error, loop: name, failures }, "a pass failed");
        // What wakes the loop does not mend what failed.
        await pause(Math.min(maxBackoffMs, firstBackoffMs * 2 ** (failures - 1)), false);
      }
    }
  };
  const ended = run();
  return {
    wake: () => {
      isWoken = true;
      wakeUp();
    },
    isHealthy: () => failures === 0,
    silentMs: () => performance.now() - turnedAtMs,
    stop: () => {
      isStopped = true;
      wakeUp();
      return ended;
    },
  };
}
