/** What can be bought at this moment: the running orders of every hop with their room and prices, locked or only read. */
import { textArray, uuidArray } from "#db/arrays.ts";
import { partsUnit } from "#server/domain/ledger/accounts.ts";
import { type Room, type RunningStatus, roomOf, runningStatuses } from "#server/domain/ledger/usage.ts";
import type { InTx } from "#server/kernel/context.ts";

export type TrafficClass = "otp" | "transactional" | "bulk";

/** An order as the allocation sees it; `money.left` and `parts.left` go down as it is used. */
export type OfferedOrder = {
  id: string;
  /** Of its row, as it was read: another one after any change. */
  version: string;
  number: string;
  sellerId: string;
  buyerId: string;
  currency: string;
  postOn: "accepted" | "delivered";
  status: RunningStatus;
  validFrom: Date;
  validUntil: Date;
  senderNames: string[] | null;
  priceListId: string;
  nearlyUsedPercent: number;
  cheapestMicros: bigint | null;
  amountMicros: bigint | null;
  partsLimit: bigint | null;
  money: Room | null;
  parts: Room | null;
};

export type Offer = {
  now: Date;
  /** By buyer, those that expire first in front. */
  ordersByBuyer: Map<string, OfferedOrder[]>;
  priceMicros(priceListId: string, country: string, operatorId: string, trafficClass: string): bigint | undefined;
};

type Wanted = { ancestors: string[]; country: string; trafficClass: string };
type AccountRow = { orderId: string; unit: string; kind: string; balance: bigint; floor: bigint | null };
type OrderRow = Omit<OfferedOrder, "money" | "parts">;
type PriceRow = { list: string; country: string; operatorId: string | null; trafficClass: string; price: bigint };

/**
 * Three statements, sent together, whatever the number of demands. With `lock` the accounts that a hold needs are
 * locked in the order of their ids, and the orders are read behind the lock: an order closed while we waited is gone.
 */
export async function loadOffer(ctx: InTx, wanted: readonly Wanted[], lock: boolean): Promise<Offer> {
  // Those who send from one tenant share its path: thousands of messages, a path or two.
  const paths = [...new Set(wanted.map((w) => w.ancestors))];
  const buyers = [...new Set(paths.flatMap((path) => path.slice(1)))];
  const now = ctx.clock.now();
  const [accounts, orders, prices] = await Promise.all([
    loadAccounts(ctx, buyers, lock),
    loadOrders(ctx, buyers),
    loadPrices(ctx, buyers, wanted),
  ]);
  const ordersByBuyer = new Map<string, OfferedOrder[]>();
  for (const row of orders) {
    const order = withRoom(row, accounts.get(row.id) ?? []);
    if (!order) continue;
    const list = ordersByBuyer.get(row.buyerId);
    if (list) list.push(order);
    else ordersByBuyer.set(row.buyerId, [order]);
  }
  const priceOf = new Map(
    prices.map((p) => [priceKey(p.list, p.country, p.operatorId ?? "*", p.trafficClass), p.price]),
  );
  return {
    now,
    ordersByBuyer,
    priceMicros: (list, country, operatorId, trafficClass) =>
      priceOf.get(priceKey(list, country, operatorId, trafficClass)) ??
      priceOf.get(priceKey(list, country, "*", trafficClass)),
  };
}

/** Fails the commit when an order is not as it was read: looked at behind the lock of its accounts, so that it holds. */
export function expectUnchanged(ctx: InTx, orders: readonly Pick<OfferedOrder, "id" | "version">[]): void {
  ctx.tx.lastAtCommit(ctx.tx.sql`
    select banyan_expect_orders(${uuidArray(orders.map((o) => o.id))}::uuid[], ${textArray(orders.map((o) => o.version))}::text[])`);
}

/** Buyers that have no running order, but had one that ran out of time. */
export async function buyersWithExpiredOrder(ctx: InTx, buyers: string[]): Promise<Set<string>> {
  const rows = await ctx.tx.sql<{ buyerId: string }[]>`
    select distinct buyer_id as "buyerId" from orders
    where buyer_id = any(${uuidArray(buyers)}::uuid[]) and status = 'expired'`;
  return new Set(rows.map((r) => r.buyerId));
}

const priceKey = (...parts: string[]): string => parts.join("|");

/** Null for an order that was activated after its accounts were looked for: the next batch finds it. */
function withRoom(row: OrderRow, accounts: AccountRow[]): OfferedOrder | null {
  const balance = (kind: string, unit: string) => accounts.find((a) => a.kind === kind && a.unit === unit);
  const rooms = [row.currency, partsUnit].map((unit) => {
    const available = balance("available", unit);
    const funding = balance("funding", unit);
    return available && funding ? roomOf(available.balance, -funding.balance, available.floor) : undefined;
  });
  const [money, parts] = rooms;
  return money === undefined || parts === undefined ? null : { ...row, money, parts };
}

async function loadAccounts(ctx: InTx, buyers: string[], lock: boolean): Promise<Map<string, AccountRow[]>> {
  const { sql } = ctx.tx;
  const rows = await sql<AccountRow[]>`
    select a.order_id as "orderId", a.unit, a.kind, a.balance, a.floor from ledger_accounts a
    where a.kind in ('funding', 'available', 'held') and a.order_id in (
      select id from orders where buyer_id = any(${uuidArray(buyers)}::uuid[]) and status = any(${textArray([...runningStatuses])}::text[]))
    order by a.id ${lock ? sql`for no key update of a` : sql``}`;
  const byOrder = new Map<string, AccountRow[]>();
  for (const row of rows) {
    const list = byOrder.get(row.orderId);
    if (list) list.push(row);
    else byOrder.set(row.orderId, [row]);
  }
  return byOrder;
}

function loadOrders(ctx: InTx, buyers: string[]): Promise<OrderRow[]> {
  return ctx.tx.sql<OrderRow[]>`
    select o.id, o.xmin::text as version, o.number, o.seller_id as "sellerId", o.buyer_id as "buyerId", o.currency, o.post_on as "postOn",
      o.status, o.valid_from as "validFrom", o.valid_until as "validUntil", o.sender_names as "senderNames",
      o.price_list_id as "priceListId", o.nearly_used_percent as "nearlyUsedPercent",
      o.amount_micros as "amountMicros", o.parts_limit as "partsLimit",
      (select min(i.unit_price_micros) from price_list_items i where i.price_list_id = o.price_list_id) as "cheapestMicros"
    from orders o
    where o.buyer_id = any(${uuidArray(buyers)}::uuid[]) and o.status = any(${textArray([...runningStatuses])}::text[])
    order by o.valid_until, o.id`;
}

function loadPrices(ctx: InTx, buyers: string[], wanted: readonly Wanted[]): Promise<PriceRow[]> {
  const countries = [...new Set(wanted.map((w) => w.country))];
  const classes = [...new Set(wanted.map((w) => w.trafficClass))];
  return ctx.tx.sql<PriceRow[]>`
    select price_list_id as list, country, operator_id as "operatorId", traffic_class as "trafficClass",
      unit_price_micros as price
    from price_list_items
    where price_list_id in (
        select price_list_id from orders
        where buyer_id = any(${uuidArray(buyers)}::uuid[]) and status = any(${textArray([...runningStatuses])}::text[]))
      and country = any(${textArray(countries)}::text[]) and traffic_class = any(${textArray(classes)}::text[])`;
}
