/** Collects items and writes them in batches, a bounded number at a time, again and again until the database has them. */
import { log } from "#server/kernel/log.ts";
import { Gather, type GatherOptions } from "#workers/gather.ts";

export type WriteBehindOptions<T> = {
  name: string;
  maxItems: number;
  /** How long items wait for more of them: every batch is a transaction. */
  gather: GatherOptions;
  /** So many do not wait for more, as things stand; maxItems when left out. */
  enough?: () => number;
  /** Batches at a time, the further ones only of `enough`; 1 when left out. */
  writers?: number;
  write(items: T[]): Promise<void>;
  /** An item that the database refuses for what it is, alone, several times over. */
  onPoison(item: T, error: unknown): void;
};

const poisonAttempts = 3;
const retryMs = { first: 100, most: 2_000 };

export class WriteBehind<T> {
  private pending: T[] = [];
  private readonly gather: Gather;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly options: WriteBehindOptions<T>,
    /** Batches of writers with the same turn never overlap. */
    private readonly turn?: Turn,
  ) {
    this.gather = new Gather(options.gather, () => this.run());
  }

  private get enough(): number {
    const { enough, maxItems } = this.options;
    return enough ? enough() : maxItems;
  }

  get size(): number {
    return this.pending.length;
  }

  add(item: T): void {
    this.pending.push(item);
    if (this.pending.length >= this.enough) this.run();
    else this.gather.touch();
  }

  /** Resolves when everything added so far is written. */
  async flush(): Promise<void> {
    while (this.pending.length > 0 || this.running.size > 0) {
      this.run();
      await Promise.race(this.running);
    }
  }

  private run(): void {
    this.gather.cancel();
    const { writers = 1 } = this.options;
    while (this.running.size < writers && this.pending.length >= (this.running.size > 0 ? this.enough : 1)) {
      // A turn may be taken later: then the batch is what waits by then.
      const work = this.turn ? this.turn.take(() => this.writeAll(this.take())) : this.writeAll(this.take());
      const done = work.finally(() => {
        this.running.delete(done);
        if (this.pending.length >= this.enough) this.run();
        else if (this.pending.length > 0) this.gather.touch();
      });
      this.running.add(done);
    }
  }

  private take(): T[] {
    return this.pending.splice(0, this.options.maxItems);
  }

  private async writeAll(batch: T[]): Promise<void> {
    if (batch.length === 0) return;
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
