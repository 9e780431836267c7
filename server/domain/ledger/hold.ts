/** Holds the price of a batch of messages at every hop up to the aggregator: per message all hops or nothing. */
import { accountId, partsUnit } from "#server/domain/ledger/accounts.ts";
import {
  allocate,
  type Choice,
  type RefusalCode,
  type Shortfall,
  takeAgain,
  type Wanted,
} from "#server/domain/ledger/allocate.ts";
import { moveStatuses } from "#server/domain/ledger/move-status.ts";
import {
  buyersWithExpiredOrder,
  expectUnchanged,
  loadOffer,
  type Offer,
  type OfferedOrder,
} from "#server/domain/ledger/offer.ts";
import { type Rate, rateOf, storeRates } from "#server/domain/ledger/rates.ts";
import { type Transfer, transfer, transferAtCommit } from "#server/domain/ledger/transfer.ts";
import { nextStatus } from "#server/domain/ledger/usage.ts";
import type { InTx } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";

export type Demand = Wanted & {
  /** The message's id: the caller has made sure that it is new. */
  key: string;
};

/** What one message costs at one hop. Hop 0 is the sending tenant's purchase from its parent, then one up at a time. */
export type HopPrice = {
  hop: number;
  orderId: string;
  sellerId: string;
  buyerId: string;
  unitPriceMicros: bigint;
  currency: string;
  parts: number;
  totalMicros: bigint;
};

export type HoldRefusal = {
  ok: false;
  code: RefusalCode;
  hop: number;
  sellerId: string;
  buyerId: string;
  /** Of the order that failed, when there is one. Show it to those only who may see the hop. */
  orderNumber: string | null;
};
export type HoldOutcome = { ok: true; rateId: string; hops: HopPrice[] } | HoldRefusal;

type Total = { order: OfferedOrder; parts: bigint; micros: bigint; keys: string[] };
/** What messages that are alike were told, and the orders that paid, in the order of the chain. */
type Sale = { chain: Choice[]; totals: Total[]; told: HoldOutcome };

/** What a batch would take from an offer, and what has to be written for it. */
export type HoldPlan = {
  /** By position. */
  outcomes: HoldOutcome[];
  rates: Rate[];
  orders: OfferedOrder[];
  transfers: Transfer[];
  shortfalls: Shortfall[];
};
type Demands = { batchId: string; demands: readonly Demand[] };

/**
 * Outcomes by position. Demands are served in the order given, orders in order of expiry; what one demand lacks never
 * fails its neighbours. Call it in a system transaction; it locks the accounts of every order it may use until the end.
 * A dry run reads the same and writes nothing.
 */
export async function holdBatch(
  ctx: InTx,
  { dryRun, ...input }: Demands & { dryRun: boolean },
): Promise<HoldOutcome[]> {
  if (input.demands.length === 0) return [];
  const plan = planHold(await loadOffer(ctx, input.demands, !dryRun), input);
  if (!dryRun) await postHold(ctx, plan, true);
  return tellExpired(ctx, plan);
}

/** Uses the offer up. Writes nothing. */
export function planHold(offer: Offer, { batchId, demands }: Demands): HoldPlan {
  const rates = new Map<string, Rate>();
  const totals = new Map<string, Total>();
  const shortfalls: Shortfall[] = [];
  const sales = new Map<string, Sale>();
  const likenessOf = likenesses();
  const outcomes = demands.map((demand): HoldOutcome => {
    const likeness = likenessOf(demand);
    const before = sales.get(likeness);
    if (before && takeAgain(before.chain, demand.parts)) {
      addTotals(before, demand);
      return before.told;
    }
    const { pieces, shortfall } = allocate(offer, demand);
    if (shortfall) {
      shortfalls.push(shortfall);
      return { ok: false, ...withoutCount(shortfall) };
    }
    const chain = pieces[0]?.chain ?? [];
    const told = { ok: true as const, rateId: rateFor(rates, demand, chain).id, hops: hopPrices(demand, chain) };
    const sale = { chain, totals: chain.map(({ order }) => totalOf(totals, order)), told };
    sales.set(likeness, sale);
    addTotals(sale, demand);
    return told;
  });
  const used = [...totals.values()];
  return {
    outcomes,
    shortfalls,
    rates: [...rates.values()],
    orders: used.map(({ order }) => order),
    transfers: used.flatMap((total) => holdsOf(batchId, total)),
  };
}

/** The offer was read without a lock, and is another one by now: nothing was taken. Do it again, with the lock. */
class OfferMoved extends Error {
  /** serialization_failure: what a transaction is run again for. */
  readonly code = "40001";
}

/**
 * Writes a plan. Without the lock of its accounts (`isLocked`), they are locked by what is sent with the commit: much later
 * and for much shorter; whether the offer still stands is looked at behind that lock, and fails the commit otherwise.
 * @throws OfferMoved also where an order's status turns, which is told exactly once: that needs the lock
 */
export async function postHold(ctx: InTx, { rates, orders, transfers }: HoldPlan, isLocked: boolean): Promise<void> {
  if (rates.length === 0) return;
  if (!isLocked && orders.some((order) => nextStatus(order.status, order) !== order.status)) throw new OfferMoved();
  storeRates(ctx, rates);
  if (isLocked) {
    await transfer(ctx, transfers);
    await moveStatuses(ctx, orders);
    return;
  }
  transferAtCommit(ctx, transfers);
  expectUnchanged(ctx, orders);
}

/** Prices of one message at every hop of the chain that pays for it. */
export function hopPrices(wanted: Wanted, chain: Choice[]): HopPrice[] {
  return chain.map(({ order, unitPriceMicros }, hop) => ({
    hop,
    orderId: order.id,
    sellerId: order.sellerId,
    buyerId: order.buyerId,
    unitPriceMicros,
    currency: order.currency,
    parts: wanted.parts,
    totalMicros: unitPriceMicros * BigInt(wanted.parts),
  }));
}

/** "No order" becomes "expired" where there was one: looked up only when somebody is refused. */
export async function tellExpired(ctx: InTx, { outcomes, shortfalls }: HoldPlan): Promise<HoldOutcome[]> {
  const bare = [...new Set(shortfalls.filter((s) => s.code === "no_order").map((s) => s.buyerId))];
  if (bare.length === 0) return outcomes;
  const expired = await buyersWithExpiredOrder(ctx, bare);
  return outcomes.map((o) =>
    !o.ok && o.code === "no_order" && expired.has(o.buyerId) ? { ...o, code: "order_expired" } : o,
  );
}

/** Digests are slow against the rest of the loop: each distinct chain of the batch is digested once. */
function rateFor(rates: Map<string, Rate>, wanted: Wanted, chain: Choice[]): Rate {
  const local = [
    wanted.tenantId,
    wanted.operatorId,
    wanted.trafficClass,
    wanted.country,
    ...chain.map((c) => c.order.id),
  ].join("|");
  let rate = rates.get(local);
  if (!rate) {
    rate = rateOf(wanted, chain);
    rates.set(local, rate);
  }
  return rate;
}

/**
 * Alike for the allocation: those who send from one tenant have the same ancestors. Most demands of a batch are like the
 * one before them, and get the very same string.
 */
function likenesses(): (demand: Demand) => string {
  let before: Demand | null = null;
  let likeness = "";
  return (demand) => {
    if (!before || !areAlike(before, demand)) {
      likeness = `${demand.tenantId} ${demand.country} ${demand.operatorId} ${demand.trafficClass} ${demand.parts} ${demand.senderName}`;
    }
    before = demand;
    return likeness;
  };
}

const areAlike = (a: Demand, b: Demand): boolean =>
  a.tenantId === b.tenantId &&
  a.country === b.country &&
  a.operatorId === b.operatorId &&
  a.trafficClass === b.trafficClass &&
  a.parts === b.parts &&
  a.senderName === b.senderName;

function totalOf(totals: Map<string, Total>, order: OfferedOrder): Total {
  const known = totals.get(order.id);
  if (known) return known;
  const total = { order, parts: 0n, micros: 0n, keys: [] };
  totals.set(order.id, total);
  return total;
}

function addTotals({ chain, totals }: Sale, demand: Demand): void {
  const parts = BigInt(demand.parts);
  for (const [hop, total] of totals.entries()) {
    total.parts += parts;
    total.micros += parts * (chain[hop]?.unitPriceMicros ?? 0n);
    total.keys.push(demand.key);
  }
}

/** The ids name the messages, so that one batch may be held in several calls and no call twice. */
function holdsOf(batchId: string, { order, parts, micros, keys }: Total): Transfer[] {
  const digest = namedId(...keys);
  return [
    { unit: order.currency, amount: micros },
    { unit: partsUnit, amount: parts },
  ]
    .filter(({ amount }) => amount > 0n)
    .map(({ unit, amount }) => ({
      id: namedId("hold", batchId, order.id, unit, digest),
      orderId: order.id,
      debitAccountId: accountId(order.id, "available", unit),
      creditAccountId: accountId(order.id, "held", unit),
      amount,
      code: "hold",
      causeId: batchId,
    }));
}

function withoutCount({ count: _, ...refusal }: Shortfall): Omit<HoldRefusal, "ok"> {
  return refusal;
}
