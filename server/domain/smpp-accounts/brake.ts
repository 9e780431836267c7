/** Failed binds, by address and by account from that address: each makes the next one slower, many shut the door. */

const windowMs = 5 * 60_000;
/** From one address, whatever accounts it tries. */
const maxFromAddress = 30;
/** Of one account from one address. */
const maxOfAccount = 10;
/** Of one account from addresses that never bound: many machines that guess together. */
const maxFromStrangers = 100;
const slowestMs = 4_000;
/** A bound on memory, whoever knocks. */
const maxCounters = 20_000;

type Counter = { failures: number; startedAtMs: number };
type Attempt = { systemId: string; ip: string; nowMs: number };

export class Brake {
  private readonly counters = new Map<string, Counter>();
  private readonly known = new Set<string>();

  /** True while this address, or this account from it, has failed too often: then no password is looked at. */
  isShut({ systemId, ip, nowMs }: Attempt): boolean {
    const isStranger = !this.known.has(`${systemId} ${ip}`);
    return (
      this.failures(`ip ${ip}`, nowMs) >= maxFromAddress ||
      this.failures(`${ip} ${systemId}`, nowMs) >= maxOfAccount ||
      (isStranger && this.failures(`account ${systemId}`, nowMs) >= maxFromStrangers)
    );
  }

  /** @returns how long to wait with the answer, in milliseconds: doubled at each failure */
  failed({ systemId, ip, nowMs }: Attempt): number {
    const count = Math.max(this.add(`ip ${ip}`, nowMs), this.add(`${ip} ${systemId}`, nowMs));
    this.add(`account ${systemId}`, nowMs);
    return Math.min(slowestMs, 100 * 2 ** Math.min(count - 1, 10));
  }

  succeeded({ systemId, ip }: Attempt): void {
    this.counters.delete(`${ip} ${systemId}`);
    if (this.known.size >= maxCounters) this.known.clear();
    this.known.add(`${systemId} ${ip}`);
  }

  private failures(key: string, nowMs: number): number {
    const counter = this.counters.get(key);
    return counter && counter.startedAtMs + windowMs > nowMs ? counter.failures : 0;
  }

  private add(key: string, nowMs: number): number {
    const counter = this.counters.get(key);
    if (counter && counter.startedAtMs + windowMs > nowMs) {
      counter.failures += 1;
      return counter.failures;
    }
    this.counters.delete(key);
    const oldest = this.counters.keys().next().value;
    if (this.counters.size >= maxCounters && oldest !== undefined) this.counters.delete(oldest);
    this.counters.set(key, { failures: 1, startedAtMs: nowMs });
    return 1;
  }
}
