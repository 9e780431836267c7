/** The colour of an order's bar. Pure. */

/** A draft's bar warns of nothing; the warning line is the order's own. */
export function usageTone(share: number, nearlyUsedPercent: number): "brand" | "warning" | "danger" {
  if (share >= 1) return "danger";
  return share * 100 >= nearlyUsedPercent ? "warning" : "brand";
}
