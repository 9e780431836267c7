/**
 * Remembers what this process exchanged with clients and carriers, for those who ask why: copied into a block in memory,
 * packed and written twice a second. Nobody waits for it; what cannot be written is counted and lost.
 */
import { Counter } from "prom-client";
import type { Database } from "#db/client.ts";
import { type Exchange, exchangeKinds, mostExchangeBytes, writeExchange } from "#server/domain/traces/exchange.ts";
import { storeBlock } from "#server/domain/traces/store.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";

const blockBytes = 256 * 1_024;
const blockMs = 500;
/** Blocks that wait to be written: a database that is slow makes no process grow. */
const mostWaiting = 4;
export const noBytes = Buffer.alloc(0);

const lostCount = new Counter({
  name: "banyan_wire_exchanges_lost_total",
  help: "Exchanges that were not written down: the database was away or too slow",
});

class WireTrace {
  private ctx: Context | null = null;
  private worker = "";
  private block = noBytes;
  /** One that was written, for the next: a new one twice a second would call the collector more often than all else here. */
  private spare = noBytes;
  private used = 0;
  private exchanges = 0;
  private kinds = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly writing = new Set<Promise<void>>();

  /** Before it is asked, a caller may spare itself what it would only gather for this. */
  get isOn(): boolean {
    return this.ctx !== null;
  }

  start(db: Database, worker: string): void {
    this.ctx = jobContext({ db, clock: systemClock }, worker, nilId, newId());
    this.worker = worker;
  }

  add(exchange: Exchange): void {
    if (!this.ctx) return;
    if (this.block.length - this.used < mostExchangeBytes) this.close();
    if (this.block.length === 0) {
      // Not from the pool, and filled only as far as it is used.
      this.block = this.spare.length > 0 ? this.spare : Buffer.allocUnsafeSlow(blockBytes);
      this.spare = noBytes;
      this.timer = setTimeout(() => this.close(), blockMs);
    }
    this.used = writeExchange(this.block, this.used, exchange);
    this.exchanges += 1;
    this.kinds |= exchangeKinds[exchange.kind];
  }

  /** Writes what is in hand. */
  async flush(): Promise<void> {
    this.close();
    await Promise.all(this.writing);
  }

  async stop(): Promise<void> {
    await this.flush();
    this.ctx = null;
  }

  private close(): void {
    clearTimeout(this.timer);
    const { ctx, worker, kinds, exchanges } = this;
    const { block } = this;
    const bytes = block.subarray(0, this.used);
    this.block = noBytes;
    this.used = 0;
    this.exchanges = 0;
    this.kinds = 0;
    if (!ctx || exchanges === 0) return;
    if (this.writing.size >= mostWaiting) {
      lostCount.inc(exchanges);
      return;
    }
    const written: Promise<void> = storeBlock(ctx, { worker, kinds, exchanges, bytes })
      .catch(() => lostCount.inc(exchanges))
      .finally(() => {
        this.writing.delete(written);
        this.spare = block;
      });
    this.writing.add(written);
  }
}

/** One a process, as its metrics are; off until its main has started it. */
export const wireTrace = new WireTrace();
