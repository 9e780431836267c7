/** Keeps the contracts over a process's traffic: tells the others once a second what passed here, and learns its part. */
import { ContractBook } from "#server/domain/throughput/book.ts";
import { endExchange, exchange } from "#server/domain/throughput/exchange.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";

const everyMs = 1_000;
const leaveMs = 1_000;

export class ContractKeeper {
  readonly book = new ContractBook();
  private timer: NodeJS.Timeout | undefined;
  private turning: Promise<void> | null = null;

  /** @param owner names the process among those that let traffic through on the same side */
  constructor(
    private readonly ctx: Context,
    private readonly owner: string,
    private readonly side: "in" | "out",
  ) {}

  /** Resolves when the contracts are known, or the database is away: then as soon as it is back. */
  async start(): Promise<void> {
    await this.turn();
    this.timer = setInterval(() => void this.turn(), everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    const left = Promise.resolve(this.turning)
      .then(() => endExchange(this.ctx, { owner: this.owner }))
      .catch(() => {});
    // What it had is free after some seconds anyway: a database that hangs keeps nobody here.
    await Promise.race([left, new Promise((resolve) => setTimeout(resolve, leaveMs).unref())]);
  }

  /** What is agreed meanwhile counts from here on; while the database is away, what was known. */
  private turn(): Promise<void> {
    this.turning ??= exchange(this.ctx, {
      owner: this.owner,
      side: this.side,
      uses: this.book.measure(performance.now()),
    })
      .then((terms) => this.book.apply(terms, this.ctx.clock.now().getTime()))
      .catch((error) => log.warn({ err: error }, "could not read contracts, trying again"))
      .finally(() => {
        this.turning = null;
      });
    return this.turning;
  }
}
