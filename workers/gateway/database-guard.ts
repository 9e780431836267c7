/** Answers in time, whatever the database does: away it is not asked again for a moment, hung it is not waited for. */

import { isDatabaseAway } from "#server/kernel/database-away.ts";
import { DomainError } from "#server/kernel/errors.ts";

export type Patience = {
  authenticateMs: number;
  /** A call of 10,000 messages on a busy machine takes a few seconds. */
  handleMs: number;
  /** After the news that the database is away, everybody hears it at once for this long; then one asks again. */
  awayMs: number;
};

type Bound = "authenticateMs" | "handleMs";

const defaultPatience: Patience = { authenticateMs: 10_000, handleMs: 30_000, awayMs: 300 };

export class DatabaseGuard {
  private readonly patience: Patience;
  private awayUntilMs = 0;

  constructor(patience: Partial<Patience> = {}) {
    this.patience = { ...defaultPatience, ...patience };
  }

  /**
   * What needs no waiting is given back at once, without a promise.
   * @throws unavailable `unavailable` when the database is away or takes too long; what was begun may still be done
   */
  bounded<T>(bound: Bound, work: () => Promise<T>): Promise<T>;
  bounded<T>(bound: Bound, work: () => Promise<T> | T): Promise<T> | T;
  bounded<T>(bound: Bound, work: () => Promise<T> | T): Promise<T> | T {
    // Else every request would wait in the pool for its turn to be refused.
    if (performance.now() < this.awayUntilMs) throw unavailable();
    const result = work();
    return result instanceof Promise ? this.inTime(result, this.patience[bound]) : result;
  }

  private inTime<T>(result: Promise<T>, mostMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(unavailable()), mostMs);
      result.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error) => {
          clearTimeout(timer);
          if (isDatabaseAway(error)) this.awayUntilMs = performance.now() + this.patience.awayMs;
          reject(error);
        },
      );
    });
  }
}

function unavailable(): DomainError {
  return new DomainError(
    "unavailable",
    "unavailable",
    "The service is restarting. Ask again in a moment; repeat a sending with its Idempotency-Key, so that it is not sent twice.",
  );
}
