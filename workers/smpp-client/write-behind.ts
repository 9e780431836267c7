/** Collects items and writes them in batches, one batch at a time, again and again until the database has them. */
import { log } from "#server/kernel/log.ts";
import { Gather, type GatherOptions } from "#workers/gather.ts";

export type WriteBehindOptions<T> = {
  name: string;
  maxItems: number;
  /** How long items wait for more of them: every batch is a transaction. */
  gather: GatherOptions;
  write(items: T[]): Promise<void>;
  /** An item that the database refuses for what it is, alone, several times over. */
  onPoison(item: T, error: unknown): void;
};

const poisonAttempts = 3;
const retryMs = { first: 100, most: 2_000 };

export class WriteBehind<T> {
  private pending: T[] = [];
  private readonly gather: Gather;
  private running: Promise<void> | null = null;

  constructor(
    private readonly options: WriteBehindOptions<T>,
    /** Batches of writers with the same turn never overlap. */
    private readonly turn: Turn,
  ) {
    this.gather = new Gather(options.gather, () => this.run());
  }

  get size(): number {
    return this.pending.length;
  }

  add(item: T): void {
    this.pending.push(item);
    if (this.pending.length >= this.options.maxItems) this.run();
    else this.gather.touch();
  }

  /** Resolves when everything added so far is written. */
  async flush(): Promise<void> {
    while (this.pending.length > 0 || this.running) {
      this.run();
      await this.running;
    }
  }

  private run(): void {
    this.gather.cancel();
    this.running ??= this.drain().finally(() => {
      this.running = null;
      if (this.pending.length > 0) this.gather.touch();
    });
  }

  private async drain(): Promise<void> {
    do {
      await this.turn.take(async () => {
        const batch = this.pending.splice(0, this.options.maxItems);
        if (batch.length > 0) await this.writeAll(batch);
      });
    } while (this.pending.length >= this.options.maxItems);
  }

  private async writeAll(batch: T[]): Promise<void> {
    for (let attempt = 1, waitMs = retryMs.first; ; attempt += 1, waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await this.options.write(batch);
        return;
      } catch (error) {
        log.warn(
          { err: error, writer: this.options.name, items: batch.length, attempt },
          "could not write, trying again",
        );
        if (isOfTheData(error) && attempt >= poisonAttempts) return this.isolate(batch, error);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  /** One bad item must not hold up its neighbours. */
  private async isolate(batch: T[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      this.options.onPoison(only, error);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.writeAll(batch.slice(0, middle));
    await this.writeAll(batch.slice(middle));
  }
}

/** Lets one piece of work run at a time, in the order of asking. */
export class Turn {
  private last: Promise<unknown> = Promise.resolve();
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => {});
    return mine;
  }
}

/** SQLSTATE classes 22 (data) and 23 (constraints); everything else – connections, restarts, locks – passes. */
function isOfTheData(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^2[23][0-9A-Z]{3}$/.test(code);
}
