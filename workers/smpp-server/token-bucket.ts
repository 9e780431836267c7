/** Submits per second of one account: what was not used is kept for at most a second. */

export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  /** @param perSecond 0 = unlimited */
  constructor(
    private perSecond: number,
    nowMs: number,
  ) {
    this.tokens = perSecond;
    this.filledAtMs = nowMs;
  }

  set limit(perSecond: number) {
    this.perSecond = perSecond;
    this.tokens = Math.min(this.tokens, perSecond);
  }

  /** @param count of one request: it may take more than there are, and those after it wait the longer */
  take(nowMs: number, count = 1): boolean {
    if (this.perSecond === 0) return true;
    this.tokens = Math.min(this.perSecond, this.tokens + ((nowMs - this.filledAtMs) / 1_000) * this.perSecond);
    this.filledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= count;
    return true;
  }
}
