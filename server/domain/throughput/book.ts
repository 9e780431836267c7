/**
 * The contracts that stand over the traffic of one process, with what is left of each: pure, the caller brings the time.
 * A message counts against every contract on its tenant's way up, so that nobody gives out more than it has.
 */
import { TokenBucket } from "#server/domain/throughput/bucket.ts";

export type ContractTerms = {
  tenantId: string;
  /** Without what tenants below have reserved for themselves. */
  reservedPerSecond: number;
  maxPerSecond: number | null;
  weight: number;
  /** This process's part, 0 to 1: processes divide a contract by what passes through each. */
  part: number;
};

export type Holder = {
  terms: ContractTerms;
  reserved: TokenBucket | null;
  cap: TokenBucket | null;
  /** Of one-time codes alone, so that a client's own mass sending does not shut them out. */
  codes: TokenBucket | null;
};

/** Forgets half of the past in about a second. */
const memory = 0.5;
/** What is not held back could be more at any moment. */
const headroom = 1.25;

export class ContractBook {
  private holders = new Map<string, Holder>();
  private passed = new Map<string, number>();
  private heldBack = new Set<string>();
  private uses = new Map<string, number>();
  private measuredAtMs: number | null = null;

  /** Takes over what was agreed meanwhile; buckets keep what is in them. */
  apply(terms: readonly ContractTerms[], nowMs: number): void {
    const holders = new Map<string, Holder>();
    for (const term of terms) {
      const known = this.holders.get(term.tenantId);
      const reserved = term.reservedPerSecond * term.part;
      const cap = term.maxPerSecond === null ? null : term.maxPerSecond * term.part;
      holders.set(term.tenantId, {
        terms: term,
        reserved: turned(known?.reserved, reserved || null, nowMs),
        cap: turned(known?.cap, cap, nowMs),
        codes: turned(known?.codes, cap, nowMs),
      });
    }
    this.holders = holders;
  }

  /** Nobody has a contract. */
  get isEmpty(): boolean {
    return this.holders.size === 0;
  }

  of(tenantId: string): Holder | undefined {
    return this.holders.get(tenantId);
  }

  /** The contracts over a tenant, its own last. */
  over(path: readonly string[]): Holder[] {
    return path.flatMap((tenantId) => this.holders.get(tenantId) ?? []);
  }

  /** For the measure of who needs how much: `count` messages of this tenant passed. */
  count(path: readonly string[], count: number): void {
    for (const { terms } of this.over(path)) {
      this.passed.set(terms.tenantId, (this.passed.get(terms.tenantId) ?? 0) + count);
    }
  }

  /** More would have passed if this contract let it. */
  hold(tenantId: string): void {
    this.heldBack.add(tenantId);
  }

  /** Messages per second of each contract since the last call, smoothed; one that holds back could use all of itself. */
  measure(nowMs: number): Map<string, number> {
    const seconds = this.measuredAtMs === null ? 1 : Math.max(0.1, (nowMs - this.measuredAtMs) / 1_000);
    this.measuredAtMs = nowMs;
    const uses = new Map<string, number>();
    for (const [tenantId, { terms }] of this.holders) {
      const passed = (this.passed.get(tenantId) ?? 0) / seconds;
      const wanted = this.heldBack.has(tenantId) ? Math.max(passed, terms.maxPerSecond ?? 0) : passed * headroom;
      const use = wanted * memory + (this.uses.get(tenantId) ?? wanted) * (1 - memory);
      if (use >= 0.1) uses.set(tenantId, use);
    }
    this.passed = new Map();
    this.heldBack = new Set();
    this.uses = uses;
    return uses;
  }
}

function turned(bucket: TokenBucket | null | undefined, perSecond: number | null, nowMs: number): TokenBucket | null {
  if (perSecond === null) return null;
  if (!bucket) return new TokenBucket(perSecond, nowMs);
  bucket.change(perSecond, nowMs);
  return bucket;
}
