/** Waits for a burst to end: what comes together is worked on together, and what comes alone hardly waits. */

export type GatherOptions = {
  /** Nothing came for so long: the burst is over. A peer that waits for our answers has sent all that it may. */
  quietMs: number;
  /** However long the burst is. */
  mostMs: number;
};

export class Gather {
  private timer: NodeJS.Timeout | undefined;
  private count = 0;
  private seen = 0;
  private beganAtMs = 0;

  constructor(
    private readonly options: GatherOptions,
    private readonly onEnd: () => void,
  ) {}

  /** Something came. */
  touch(): void {
    this.count += 1;
    if (this.timer) return;
    this.beganAtMs = performance.now();
    this.look();
  }

  /** Whoever waited for the end does not any more. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    this.seen = this.count;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const isOver = this.count === this.seen || performance.now() - this.beganAtMs >= this.options.mostMs;
      if (isOver) this.onEnd();
      else this.look();
    }, this.options.quietMs);
  }
}
