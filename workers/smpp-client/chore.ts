/** Something to be done again and again, one run at a time; a run that fails is logged, and the next one tries again. */
import { log } from "#server/kernel/log.ts";

export class Chore {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.run(), this.everyMs);
  }

  /** Joins the run under way, if there is one. */
  run(): Promise<void> {
    this.running ??= this.work()
      .catch((error) => log.warn({ err: error, chore: this.name }, "a chore failed, trying again"))
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  /** No run begins any more; resolves when the last one is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
