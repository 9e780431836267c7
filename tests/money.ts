/** Gives suites money: an active order between two tenants, or one at every hop of a tree. */
import type { Database } from "#db/client.ts";
import { createOrder } from "#server/domain/orders/create.ts";
import type { Order } from "#server/domain/orders/scope.ts";
import { signOrder } from "#server/domain/orders/sign.ts";
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import type { PriceLine } from "#server/domain/pricing/input.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { contextFor, type Tree } from "#tests/factories.ts";

const dayMs = 86_400_000;

export type SellOrder = {
  seller: Pick<Tenant, "id" | "currency">;
  buyer: Pick<Tenant, "id">;
  /** A price per part for every operator of Vietnam and every class, or the lines of the list. */
  prices: bigint | PriceLine[];
  amountMicros?: bigint | null;
  partsLimit?: bigint | null;
  kind?: "prepaid" | "postpaid";
  postOn?: "accepted" | "delivered";
  currency?: string;
  senderNames?: string[] | null;
  validFrom?: Date;
  validUntil?: Date;
  nearlyUsedPercent?: number;
  number?: string;
  clock?: Context["clock"];
};

/** One price for every operator of a country and every class. */
export const flatPrices = (unitPriceMicros: bigint, country = "VN"): PriceLine[] =>
  (["otp", "transactional", "bulk"] as const).map((trafficClass) => ({
    country,
    operatorId: "*",
    trafficClass,
    unitPriceMicros,
  }));

/** A signed order of the seller's own list; active when `validFrom` (default: an hour ago) has come. */
export async function sellOrder(db: Database, options: SellOrder): Promise<Order> {
  const base = contextFor(db, options.seller.id);
  const ctx = options.clock ? { ...base, clock: options.clock } : base;
  const now = ctx.clock.now().getTime();
  const list = await createPriceList(ctx, {
    id: newId(),
    name: `List ${newId().slice(-6)}`,
    currency: options.currency ?? options.seller.currency,
    postOn: options.postOn ?? "delivered",
    items: typeof options.prices === "bigint" ? flatPrices(options.prices) : options.prices,
  });
  const isOpen = options.amountMicros === undefined && options.partsLimit === undefined;
  const draft = await createOrder(ctx, {
    id: newId(),
    buyerId: options.buyer.id,
    kind: options.kind ?? "prepaid",
    priceListId: list.id,
    amountMicros: isOpen ? generousMicros : (options.amountMicros ?? null),
    partsLimit: options.partsLimit ?? null,
    validFrom: options.validFrom ?? new Date(now - dayMs / 24),
    validUntil: options.validUntil ?? new Date(now + 30 * dayMs),
    senderNames: options.senderNames ?? null,
    nearlyUsedPercent: options.nearlyUsedPercent ?? 80,
    ...(options.number ? { number: options.number } : {}),
  });
  return signOrder(ctx, { id: draft.id });
}

const generousMicros = 10n ** 15n;

/** Unit prices of makeChain, in micro-units of each seller's currency: dearer at each step down. */
export const chainPrices = { company: 20_000n, partner: 600_000_000n, subaccount: 700_000_000n, sibling: 650_000_000n };

/** Active orders with generous limits at every hop of a tree, for every Vietnamese operator and class. */
export async function makeChain(
  db: Database,
  tree: Tree,
  postOn: "accepted" | "delivered" = "delivered",
): Promise<{ company: Order; partner: Order; subaccount: Order; sibling: Order }> {
  const sell = (seller: Tenant, buyer: Tenant, prices: bigint) => sellOrder(db, { seller, buyer, prices, postOn });
  return {
    company: await sell(tree.aggregator, tree.company, chainPrices.company),
    partner: await sell(tree.company, tree.partner, chainPrices.partner),
    subaccount: await sell(tree.partner, tree.subaccount, chainPrices.subaccount),
    sibling: await sell(tree.company, tree.sibling, chainPrices.sibling),
  };
}
