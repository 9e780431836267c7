/** How far an order is used, and which status follows from it. Pure. */

/** The statuses of an order that takes holds or would, had it room. */
export const runningStatuses = ["active", "nearly_used", "used_up"] as const;
export type RunningStatus = (typeof runningStatuses)[number];

/** One bounded dimension: what was agreed in all, and what may still be held. */
export type Room = { capacity: bigint; left: bigint };

export type Usage = {
  /** Null = not bounded by amount. */
  money: Room | null;
  /** Null = not bounded by parts. */
  parts: Room | null;
  /** The lowest unit price of the order's list; null when the list is empty. */
  cheapestMicros: bigint | null;
  nearlyUsedPercent: number;
};

/** A refund must lead this far below the warning line before the order counts as active again: else every refund near the line would warn anew. */
const returnMarginPercent = 5n;

/** @param funded what was paid in, @param floor of the available account; null = no bound */
export function roomOf(available: bigint, funded: bigint, floor: bigint | null): Room | null {
  return floor === null ? null : { capacity: funded - floor, left: available - floor };
}

export function nextStatus(current: RunningStatus, usage: Usage): RunningStatus {
  if (isUsedUp(usage)) return "used_up";
  const line = BigInt(usage.nearlyUsedPercent) - (current === "active" ? 0n : returnMarginPercent);
  const isNear = [usage.money, usage.parts].some(
    (room) => room && (room.capacity - room.left) * 100n >= room.capacity * line,
  );
  return isNear ? "nearly_used" : "active";
}

/** Whole percent of the dimension that is used most, rounded down. */
export function usedPercent(usage: Usage): number {
  const shares = [usage.money, usage.parts].map((room) =>
    room && room.capacity > 0n ? Number(((room.capacity - room.left) * 100n) / room.capacity) : 0,
  );
  return Math.max(...shares);
}

/** Nothing can be bought any more: no part is left, or less money than the cheapest line costs. */
function isUsedUp({ money, parts, cheapestMicros }: Usage): boolean {
  if (parts && parts.left < 1n) return true;
  return money !== null && cheapestMicros !== null && cheapestMicros > 0n && money.left < cheapestMicros;
}
