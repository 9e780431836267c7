/** What the simulator saw: counters, and the texts that each number got, in bounded memory. */

export type SeenPart = {
  sender: string;
  text: string;
  carrierId: string;
  part: number;
  total: number;
  reference: number | null;
  atMs: number;
};
export type Stats = {
  binds: number;
  refusedBinds: number;
  submits: number;
  accepted: number;
  rejected: number;
  temporary: number;
  throttled: number;
  cuts: number;
  /** Accepted submits whose number, sender and bytes were all accepted before. */
  duplicates: number;
  recipients: number;
  receiptsDue: number;
  receiptsSent: number;
  receiptsConfirmed: number;
};

const noStats = (): Stats => ({
  binds: 0,
  refusedBinds: 0,
  submits: 0,
  accepted: 0,
  rejected: 0,
  temporary: 0,
  throttled: 0,
  cuts: 0,
  duplicates: 0,
  recipients: 0,
  receiptsDue: 0,
  receiptsSent: 0,
  receiptsConfirmed: 0,
});

/** The oldest numbers are forgotten first. */
const maxNumbers = 500_000;
const maxPartsPerNumber = 20;

type Seen = { count: number; digests: Set<string>; parts: SeenPart[] };

export class Memory {
  stats = noStats();
  private readonly byNumber = new Map<string, Seen>();
  private readonly throttled = new Set<string>();

  reset(): void {
    this.stats = { ...noStats(), receiptsDue: this.stats.receiptsDue };
    this.byNumber.clear();
    this.throttled.clear();
  }

  /** @param digest number, sender and bytes of the text */
  accepted(msisdn: string, digest: string, part: SeenPart): void {
    let seen = this.byNumber.get(msisdn);
    if (!seen) {
      seen = { count: 0, digests: new Set(), parts: [] };
      this.byNumber.set(msisdn, seen);
      this.stats.recipients += 1;
      if (this.byNumber.size > maxNumbers) this.forgetOldest();
    }
    seen.count += 1;
    this.stats.accepted += 1;
    if (seen.digests.has(digest)) this.stats.duplicates += 1;
    else seen.digests.add(digest);
    seen.parts.push(part);
    if (seen.parts.length > maxPartsPerNumber) seen.parts.shift();
    if (seen.digests.size > maxPartsPerNumber) seen.digests.delete([...seen.digests][0] ?? "");
  }

  /** True, then false, then true again for the next message to the same number. */
  isFirstTry(msisdn: string): boolean {
    if (this.throttled.delete(msisdn)) return false;
    this.throttled.add(msisdn);
    return true;
  }

  of(msisdn: string): { count: number; parts: SeenPart[] } {
    const seen = this.byNumber.get(msisdn);
    return { count: seen?.count ?? 0, parts: seen?.parts ?? [] };
  }

  /** How many times each number was accepted. */
  *counts(): Generator<[string, number]> {
    for (const [msisdn, seen] of this.byNumber) yield [msisdn, seen.count];
  }

  private forgetOldest(): void {
    const [oldest] = this.byNumber.keys();
    if (oldest !== undefined) this.byNumber.delete(oldest);
  }
}
