/** Rates: the immutable chain of orders and unit prices that a message keeps, stored once per distinct chain. */
import { createHash } from "node:crypto";
import type { Choice, Wanted } from "#server/domain/ledger/allocate.ts";
import type { InTx } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";

export type Rate = {
  id: string;
  key: string;
  tenantId: string;
  operatorId: string;
  trafficClass: string;
  chain: Choice[];
};

/** The id follows from the content, so equal chains find each other without a look-up, also in a dry run. */
export function rateOf(wanted: Wanted, chain: Choice[]): Rate {
  const { tenantId, operatorId, trafficClass } = wanted;
  const hops = chain.map(({ order: o, unitPriceMicros }) => [
    o.id,
    o.sellerId,
    o.buyerId,
    unitPriceMicros.toString(),
    o.currency,
    o.postOn,
  ]);
  const key = createHash("sha256")
    .update(JSON.stringify([tenantId, operatorId, trafficClass, hops]))
    .digest("hex");
  return { id: namedId("rate", key), key, tenantId, operatorId, trafficClass, chain };
}

/** Stores those that are new. Sorted, so that two batches cannot wait for each other in a circle. */
export async function storeRates(ctx: InTx, rates: Rate[]): Promise<void> {
  if (rates.length === 0) return;
  const known = await ctx.tx.sql<{ id: string }[]>`
    select id from rates where id = any(${rates.map((r) => r.id)}::uuid[])`;
  const knownIds = new Set(known.map((r) => r.id));
  const fresh = rates.filter((r) => !knownIds.has(r.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (fresh.length === 0) return;
  const hops = fresh.flatMap((rate) => rate.chain.map((choice, hop) => ({ rateId: rate.id, hop, ...choice })));
  const { sql } = ctx.tx;
  await sql`
    insert into rates (id, key, tenant_id, operator_id, traffic_class, created_at)
    select *, ${ctx.clock.now()}::timestamptz from unnest(${fresh.map((r) => r.id)}::uuid[],
      ${fresh.map((r) => r.key)}::text[], ${fresh.map((r) => r.tenantId)}::uuid[],
      ${fresh.map((r) => r.operatorId)}::text[], ${fresh.map((r) => r.trafficClass)}::text[])
    on conflict do nothing`;
  await sql`
    insert into rate_hops (rate_id, hop, order_id, seller_id, buyer_id, unit_price_micros, currency, post_on)
    select * from unnest(${hops.map((h) => h.rateId)}::uuid[], ${hops.map((h) => h.hop)}::int[],
      ${hops.map((h) => h.order.id)}::uuid[], ${hops.map((h) => h.order.sellerId)}::uuid[],
      ${hops.map((h) => h.order.buyerId)}::uuid[], ${hops.map((h) => h.unitPriceMicros.toString())}::bigint[],
      ${hops.map((h) => h.order.currency)}::text[], ${hops.map((h) => h.order.postOn)}::text[])
    on conflict do nothing`;
}
