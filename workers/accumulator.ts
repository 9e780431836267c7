/** Group commit: requests of a few milliseconds share one transaction, and everybody is answered after its commit. */
import { Histogram } from "prom-client";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { SubmitRequest, SubmitResult } from "#server/domain/messages/submit.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { Gather, type GatherOptions } from "#workers/gather.ts";

export type AccumulatorOptions = {
  /** Messages of all groups together; results by position. */
  submit(requests: SubmitRequest[]): Promise<SubmitResult[]>;
  /** How long a request waits for others: they come in bursts, because clients wait for the answers of the last group. */
  gather?: GatherOptions;
  /** Messages in one transaction (a single larger request goes alone). */
  maxMessages?: number;
  /**
   * Transactions at a time. While all are busy, the next group grows. Two: one is read in and answered while the other is at
   * the database, and they meet at their sellers' accounts only from the commit to the disk. More would be smaller groups.
   */
  maxGroups?: number;
  /** Messages that may wait; beyond it, callers are told to come back. */
  maxWaiting?: number;
};

export type Accumulator = {
  /** Resolves after the commit. @throws what this request got wrong, or rate_limited `busy` */
  add(request: SubmitRequest): Promise<SubmitOutcome[]>;
  /** Resolves when nothing waits or runs any more. */
  drain(): Promise<void>;
};

type Waiting = {
  request: SubmitRequest;
  size: number;
  resolve(outcomes: SubmitOutcome[]): void;
  reject(error: unknown): void;
};

const groupSize = new Histogram({
  name: "banyan_submit_group_messages",
  help: "Messages that shared one transaction",
  buckets: [1, 2, 5, 10, 50, 100, 500, 1_000, 10_000],
});

export function accumulator(options: AccumulatorOptions): Accumulator {
  const {
    submit,
    gather: bursts = { quietMs: 1, mostMs: 6 },
    maxMessages = 500,
    maxGroups = 2,
    maxWaiting = 50_000,
  } = options;
  let waiting: Waiting[] = [];
  let waitingMessages = 0;
  let groups = 0;
  let idle: (() => void)[] = [];

  const run = async (group: Waiting[]) => {
    groups += 1;
    groupSize.observe(group.reduce((sum, item) => sum + item.size, 0));
    try {
      const results = await submit(group.map((item) => item.request));
      for (const [index, item] of group.entries()) settle(item, results[index]);
    } catch (error) {
      for (const item of group) item.reject(error);
    } finally {
      groups -= 1;
      if (waiting.length > 0 && waitingMessages < maxMessages) gather.touch();
      else flush();
    }
  };

  const flush = () => {
    gather.cancel();
    while (waiting.length > 0 && groups < maxGroups) {
      const group = takeGroup(waiting, maxMessages);
      waiting = waiting.slice(group.length);
      waitingMessages -= group.reduce((sum, item) => sum + item.size, 0);
      void run(group);
    }
    if (waiting.length > 0 || groups > 0) return;
    for (const done of idle) done();
    idle = [];
  };

  const gather = new Gather(bursts, flush);

  return {
    add(request) {
      const size = request.input.items.length;
      if (waitingMessages > 0 && waitingMessages + size > maxWaiting) {
        return Promise.reject(
          new DomainError("rate_limited", "busy", "Too many messages wait. Ask again in a moment."),
        );
      }
      return new Promise((resolve, reject) => {
        waiting.push({ request, size, resolve, reject });
        waitingMessages += size;
        if (waitingMessages >= maxMessages) flush();
        else if (groups < maxGroups) gather.touch();
      });
    },
    drain: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        flush();
      }),
  };
}

function takeGroup(waiting: readonly Waiting[], maxMessages: number): Waiting[] {
  let count = 0;
  let messages = 0;
  for (const item of waiting) {
    if (count > 0 && messages + item.size > maxMessages) break;
    count += 1;
    messages += item.size;
  }
  return waiting.slice(0, count);
}

function settle(item: Waiting, result: SubmitResult | undefined): void {
  if (result?.ok) item.resolve(result.outcomes);
  else item.reject(result?.error ?? new Error("A request was left without a result."));
}
