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

const defaultPatience: Patience = { authenticateMs: 10_000, handleMs: 30_000, awayMs: 300 };

export class DatabaseGuard {
  private readonly patience: Patience;
  private awayUntilMs = 0;

  constructor(patience: Partial<Patience> = {}) {
    this.patience = { ...defaultPatience, ...patience };
  }

  /** @throws unavailable `unavailable` when the database is away or takes too long; what was begun may still be done */
  async bounded<T>(bound: "authenticateMs" | "handleMs", work: () => Promise<T>): Promise<T> {
    // Else every request would wait in the pool for its turn to be refused.
    if (performance.now() < this.awayUntilMs) throw unavailable();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable()), this.patience[bound]);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (isDatabaseAway(error)) this.awayUntilMs = performance.now() + this.patience.awayMs;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function unavailable(): DomainError {
  return new DomainError(
    "unavailable",
    "unavailable",
    "The service is restarting. Ask again in a moment; repeat a sending with its Idempotency-Key, so that it is not sent twice.",
  );
}
