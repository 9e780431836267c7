/** Counts the queue for everybody who looks at it: every second while it is short, less often the longer the count takes. */
import type { Database } from "#db/client.ts";
import { sampleQueue } from "#server/domain/throughput/sample-queue.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import type { LoopWork } from "./loop.ts";
import { showQueue } from "./metrics.ts";

const everyMs = 1_000;
/** At most a tenth of the time goes into counting. */
const restFactor = 10;

export function sampler(db: Database, now: () => Date): LoopWork {
  let nextAtMs = 0;
  return {
    name: "queue",
    everyMs,
    pass: async () => {
      const fromMs = performance.now();
      if (fromMs < nextAtMs) return false;
      await sampleQueue(jobContext({ db, clock: { now } }, "queue-sample", nilId, newId()));
      await showQueue(db, now());
      const tookMs = performance.now() - fromMs;
      nextAtMs = fromMs + tookMs * restFactor;
      return false;
    },
  };
}
