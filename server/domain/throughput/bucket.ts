/** Messages per second as a bucket of tokens: pure, the caller brings the time. */

export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;
  private perSecond: number;
  private burst = 0;
  private isRefilling = false;

  /**
   * @param perSecond tokens per second
   * @param burstSeconds how much of a second may go at once after a rest, beside the one that is being filled
   */
  constructor(
    perSecond: number,
    nowMs: number,
    private readonly burstSeconds = 1,
  ) {
    this.perSecond = perSecond;
    this.burst = perSecond * burstSeconds + 1;
    this.tokens = this.burst;
    this.filledAtMs = nowMs;
  }

  get rate(): number {
    return this.perSecond;
  }

  /** From now on. What was saved stays, as far as it fits; a debt stays, too. */
  change(perSecond: number, nowMs: number): void {
    if (perSecond === this.perSecond) return;
    this.fill(nowMs);
    this.perSecond = perSecond;
    this.burst = perSecond * this.burstSeconds + 1;
    this.tokens = Math.min(this.tokens, this.burst);
  }

  /** Whole and broken tokens; below zero in debt. */
  available(nowMs: number): number {
    this.fill(nowMs);
    return this.tokens;
  }

  /** Takes them whether they are there or not: what comes later waits the longer. */
  spend(count: number, nowMs: number): void {
    this.fill(nowMs);
    this.tokens -= count;
  }

  /** How long until one token is there. */
  waitMs(nowMs: number): number {
    const missing = 1 - this.available(nowMs);
    return missing <= 0 ? 0 : Math.ceil((missing / this.perSecond) * 1_000);
  }

  /**
   * The same, but whoever found it empty waits until `portionSeconds` of it are there: what is more than agreed then goes
   * by handfuls and not one by one, at the same rate.
   */
  portionWaitMs(portionSeconds: number, nowMs: number): number {
    const wanted = this.isRefilling ? Math.max(1, Math.min(this.perSecond * portionSeconds, this.burst)) : 1;
    const missing = wanted - this.available(nowMs);
    this.isRefilling = missing > 0;
    return missing <= 0 ? 0 : Math.ceil((missing / this.perSecond) * 1_000);
  }

  private fill(nowMs: number): void {
    const passedMs = nowMs - this.filledAtMs;
    if (passedMs <= 0) return;
    this.tokens = Math.min(this.burst, this.tokens + (passedMs / 1_000) * this.perSecond);
    this.filledAtMs = nowMs;
  }
}
