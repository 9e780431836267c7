/** Whether messages may come in under the contracts over a tenant, and what is left. Pure, the caller brings the time. */
import type { ContractBook } from "#server/domain/throughput/book.ts";

export type Asked = {
  /** One-time codes: a client's own mass sending, and the debt it made, do not shut them out. */
  codes: number;
  others: number;
};
export type Passage = {
  isAllowed: boolean;
  /** Until something may come in again; 0 when it may. */
  waitMs: number;
  /** Of the contract that has least left; null = no bound. */
  bound: { perSecond: number; left: number } | null;
};

/**
 * Costs one token a message. Whatever is asked at once is let in while there is one token: it makes a debt, and what
 * comes after waits the longer, so that no request is too large to be ever let in.
 */
export function pass(book: ContractBook, path: readonly string[], { codes, others }: Asked, nowMs: number): Passage {
  const holders = book.over(path);
  let waitMs = 0;
  for (const { cap, codes: own, terms } of holders) {
    const wait = Math.max(others > 0 ? (cap?.waitMs(nowMs) ?? 0) : 0, codes > 0 ? (own?.waitMs(nowMs) ?? 0) : 0);
    if (wait > 0) book.hold(terms.tenantId);
    waitMs = Math.max(waitMs, wait);
  }
  book.count(path, codes + others);
  if (waitMs === 0) {
    for (const { cap, codes: own } of holders) {
      cap?.spend(codes + others, nowMs);
      own?.spend(codes, nowMs);
    }
  }
  let bound: Passage["bound"] = null;
  for (const { cap } of holders) {
    if (!cap) continue;
    const left = Math.max(0, Math.floor(cap.available(nowMs)));
    if (!bound || left < bound.left) bound = { perSecond: Math.floor(cap.rate), left };
  }
  return { isAllowed: waitMs === 0, waitMs, bound };
}
