/** Says why money refused a message: the hop to those entitled to know it, one plain sentence to the others. Pure. */
import type { RefusalCode } from "#server/domain/ledger/allocate.ts";
import { mayViewEdge } from "#server/domain/pricing/visible-hops.ts";

export type RefusalReason = {
  code: RefusalCode | "temporarily_unavailable";
  message: string;
  /** Set only when the viewer may see the edge that failed. */
  edge?: { hop: number; sellerId: string; buyerId: string; orderNumber: string | null };
};

type Refused = { code: RefusalCode; hop: number; sellerId: string; buyerId: string; orderNumber?: string | null };

/**
 * @param ancestors of the sending tenant, root first, itself last
 * @returns codes are stable: see docs/api/errors.md
 */
export function explainRefusal(refusal: Refused, viewerTenantId: string, ancestors: string[]): RefusalReason {
  if (!mayViewEdge(refusal.buyerId, viewerTenantId, ancestors)) {
    return {
      code: "temporarily_unavailable",
      message: "Sending is temporarily unavailable. Contact your provider.",
    };
  }
  const { code, hop, sellerId, buyerId, orderNumber = null } = refusal;
  const message = buyerId === viewerTenantId ? own(code, orderNumber) : below(code, orderNumber);
  return { code, message, edge: { hop, sellerId, buyerId, orderNumber } };
}

/** The viewer is the buyer: its way out is its provider. */
function own(code: RefusalCode, number: string | null): string {
  const order = number ? `Your order ${number}` : "Your order";
  switch (code) {
    case "no_order":
      return "You have no active order: ask your provider for one.";
    case "order_expired":
      return `${order} has expired: ask your provider for a new one.`;
    case "order_used_up":
      return `${order} is used up: ask your provider for a new one.`;
    case "no_price":
      return `${order} has no price for this operator and class: ask your provider to add it.`;
    case "sender_not_covered":
      return `${order} does not cover this sender name: ask your provider to add it.`;
  }
}

/** The viewer sells, at this hop or above it: the way out is its own. */
function below(code: RefusalCode, number: string | null): string {
  const order = number ? `Order ${number}` : "The order";
  switch (code) {
    case "no_order":
      return "The buyer at this level has no active order.";
    case "order_expired":
      return `${order} has expired: extend it or sign a new one.`;
    case "order_used_up":
      return `${order} is used up: top it up or sign a new one.`;
    case "no_price":
      return `${order} has no price for this operator and class: add one to its price list.`;
    case "sender_not_covered":
      return `${order} does not cover this sender name.`;
  }
}
