/** PDUs per second towards one carrier: a token bucket that also learns from the carrier's throttling. */

/** A burst of this much of a second may go out at once. */
const burstSeconds = 0.05;
const windowMs = 1_000;
/** Never slower than this, so that the carrier's recovery is noticed. */
const slowest = 20;
const growth = 1.1;
/** Of a second in which little was throttled: keeps a carrier's limit within three in a hundred, and passing refusals cost no rate. */
const probing = 1.03;

export class RateLimit {
  /** PDUs per second allowed now. */
  current: number;
  private readonly most: number;
  private tokens = 1;
  private refilledAtMs: number;
  private windowFromMs: number;
  private accepted = 0;
  private throttle = 0;

  /** @param maxPerSecond 0 = as fast as the carrier answers */
  constructor(maxPerSecond: number, nowMs: number) {
    this.most = maxPerSecond === 0 ? Number.POSITIVE_INFINITY : maxPerSecond;
    this.current = this.most;
    this.refilledAtMs = nowMs;
    this.windowFromMs = nowMs;
  }

  /** Takes one token; false = wait for waitMs(). */
  take(nowMs: number): boolean {
    this.refill(nowMs);
    if (this.current === Number.POSITIVE_INFINITY) return true;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** How many could be taken now; Infinity without a limit. */
  available(nowMs: number): number {
    this.refill(nowMs);
    return this.current === Number.POSITIVE_INFINITY ? this.current : Math.floor(this.tokens);
  }

  waitMs(): number {
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / this.current) * 1_000);
  }

  answered(verdict: "accepted" | "throttle"): void {
    this[verdict] += 1;
  }

  private refill(nowMs: number): void {
    this.learn(nowMs);
    if (this.current === Number.POSITIVE_INFINITY) return;
    const most = Math.max(1, this.current * burstSeconds);
    this.tokens = Math.min(most, this.tokens + ((nowMs - this.refilledAtMs) / 1_000) * this.current);
    this.refilledAtMs = nowMs;
  }

  /**
   * A throttled second: the next one is slower by the share that was throttled, and begins at what the carrier took where
   * there was no limit. A clean one: a tenth faster.
   */
  private learn(nowMs: number): void {
    const passedMs = nowMs - this.windowFromMs;
    if (passedMs < windowMs) return;
    if (this.throttle > 0) {
      const taken = (this.accepted / passedMs) * 1_000;
      const kept = this.current * (this.accepted / (this.accepted + this.throttle)) * probing;
      this.current = Math.min(this.most, Math.max(slowest, Number.isFinite(kept) ? kept : taken));
    } else if (this.current < this.most && this.accepted > 0) {
      this.current = Math.min(this.most, this.current * growth + 1);
    }
    this.accepted = 0;
    this.throttle = 0;
    this.windowFromMs = nowMs;
  }
}
