/** Chooses the order that pays at every hop, in order of expiry, all hops or nothing. Pure: it uses up the offer it is given. */
import type { Offer, OfferedOrder } from "#server/domain/ledger/offer.ts";

export type Wanted = {
  tenantId: string;
  /** Root first, the tenant itself last. */
  ancestors: string[];
  operatorId: string;
  country: string;
  trafficClass: string;
  senderName: string;
  /** Per message. */
  parts: number;
};

export const refusalCodes = ["no_order", "order_expired", "order_used_up", "no_price", "sender_not_covered"] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Who pays at one hop. Hop 0 is the sending tenant's purchase from its parent. */
export type Choice = { order: OfferedOrder; unitPriceMicros: bigint };
/** So many messages, one after the other, paid by one chain of orders. */
export type Piece = { count: number; chain: Choice[] };
export type Shortfall = {
  count: number;
  code: RefusalCode;
  hop: number;
  sellerId: string;
  buyerId: string;
  orderNumber: string | null;
};
export type Allocation = { pieces: Piece[]; shortfall: Shortfall | null };

type Refusal = Omit<Shortfall, "count">;

/**
 * Buys `count` equal messages. The result is the same as buying them one by one: an order that has too little for one
 * of them has too little for all that follow.
 */
export function allocate(offer: Offer, wanted: Wanted, count = 1): Allocation {
  const pieces: Piece[] = [];
  let rest = BigInt(count);
  while (rest > 0n) {
    const found = chainFor(offer, wanted);
    if ("code" in found) return { pieces, shortfall: { ...found, count: Number(rest) } };
    const parts = BigInt(wanted.parts);
    const many = found.reduce((least, choice) => lower(least, fits(choice, parts)), rest);
    for (const choice of found) take(choice, many * parts);
    pieces.push({ count: Number(many), chain: found });
    rest -= many;
  }
  return { pieces, shortfall: null };
}

/**
 * Buys one more message like the one that this chain paid for, if every order of it has room. The same result as
 * `allocate`: orders get only fuller, so those in front that had too little before have too little now.
 */
export function takeAgain(chain: readonly Choice[], partsOfMessage: number): boolean {
  const parts = BigInt(partsOfMessage);
  for (const { order, unitPriceMicros } of chain) {
    if (order.parts && order.parts.left < parts) return false;
    if (order.money && order.money.left < parts * unitPriceMicros) return false;
  }
  for (const choice of chain) take(choice, parts);
  return true;
}

function take({ order, unitPriceMicros }: Choice, parts: bigint): void {
  if (order.parts) order.parts.left -= parts;
  if (order.money) order.money.left -= parts * unitPriceMicros;
}

function chainFor(offer: Offer, wanted: Wanted): Choice[] | Refusal {
  const chain: Choice[] = [];
  for (let hop = 0; hop < wanted.ancestors.length - 1; hop++) {
    const found = choose(offer, wanted, hop);
    if ("code" in found) return found;
    chain.push(found);
  }
  return chain;
}

/** The first order of the hop that covers the sender, has a price and has room; else the reason that came closest. */
function choose(offer: Offer, wanted: Wanted, hop: number): Choice | Refusal {
  const at = wanted.ancestors.length - 1 - hop;
  const buyerId = wanted.ancestors[at] ?? "";
  const sellerId = wanted.ancestors[at - 1] ?? "";
  const reasons = new Map<RefusalCode, string>();
  for (const order of offer.ordersByBuyer.get(buyerId) ?? []) {
    if (order.sellerId !== sellerId || order.validFrom > offer.now) continue;
    const price = offer.priceMicros(order.priceListId, wanted.country, wanted.operatorId, wanted.trafficClass);
    const reason = refuse(offer, order, wanted, price);
    if (reason === null && price !== undefined) return { order, unitPriceMicros: price };
    if (reason) reasons.set(reason, order.number);
  }
  const closest = (["order_used_up", "no_price", "sender_not_covered", "order_expired"] as const).find((code) =>
    reasons.has(code),
  );
  const code = closest ?? "no_order";
  return { code, hop, sellerId, buyerId, orderNumber: reasons.get(code) ?? null };
}

function refuse(offer: Offer, order: OfferedOrder, wanted: Wanted, price: bigint | undefined): RefusalCode | null {
  if (order.validUntil <= offer.now) return "order_expired";
  if (!coversSender(order, wanted.senderName)) return "sender_not_covered";
  if (price === undefined) return "no_price";
  return fits({ order, unitPriceMicros: price }, BigInt(wanted.parts)) > 0n ? null : "order_used_up";
}

/** Handsets and carriers show names with or without capitals: they count as one name. */
function coversSender(order: OfferedOrder, senderName: string): boolean {
  if (order.senderNames === null) return true;
  const name = senderName.toLowerCase();
  return order.senderNames.some((covered) => covered.toLowerCase() === name);
}

/** How many messages of so many parts the order can still pay for. */
function fits({ order, unitPriceMicros }: Choice, parts: bigint): bigint {
  const byParts = order.parts ? order.parts.left / parts : unbounded;
  const cost = unitPriceMicros * parts;
  const byMoney = order.money && cost > 0n ? order.money.left / cost : unbounded;
  return lower(byParts, byMoney);
}

const unbounded = 2n ** 62n;
const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);
