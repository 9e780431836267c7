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
 * Every group of messages that comes in is a transaction: those who are at their bound come in by groups of this much of
 * their rate. One-time codes are let in as soon as there is room.
 */
const portionSeconds = 0.05;

/**
 * Costs one token a message. Whatever is asked at once is let in while there is one token: it makes a debt, and what
 * comes after waits the longer, so that no request is too large to be ever let in.
 */
export function pass(book: ContractBook, path: readonly string[], { codes, others }: Asked, nowMs: number): Passage {
  const holders = book.over(path);
  let waitMs = 0;
  for (const { cap, codes: own, terms } of holders) {
    const ofOthers = others > 0 ? (cap?.portionWaitMs(portionSeconds, nowMs) ?? 0) : 0;
    const wait = Math.max(ofOthers, codes > 0 ? (own?.waitMs(nowMs) ?? 0) : 0);
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
    const left = waitMs > 0 ? 0 : Math.max(0, Math.floor(cap.available(nowMs)));
    if (!bound || left < bound.left) bound = { perSecond: Math.floor(cap.rate), left };
  }
  return { isAllowed: waitMs === 0, waitMs, bound };
}
