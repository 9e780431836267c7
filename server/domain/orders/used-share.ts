/** How far an order is used. Pure. */

type Figures = {
  amountMicros: bigint | null;
  heldMicros: bigint;
  spentMicros: bigint;
  partsLimit: bigint | null;
  heldParts: bigint;
  spentParts: bigint;
};

/** Share 0 … 1 of what was agreed that is spent or held, in the dimension that is used most. */
export function usedShare(order: Figures): number {
  return Math.max(
    shareOf(order.spentMicros + order.heldMicros, order.amountMicros),
    shareOf(order.spentParts + order.heldParts, order.partsLimit),
  );
}

/** Exact to a thousandth: bars need no more, and a bigint may be far beyond what a float holds. */
export function shareOf(part: bigint, whole: bigint | null): number {
  if (whole === null || whole <= 0n) return 0;
  return Number((part * 1_000n) / whole) / 1_000;
}
