/** Rates: the immutable chain of orders and unit prices that a message keeps, stored once per distinct chain. */
import { createHash } from "node:crypto";
import { bigintArray, intArray, textArray, uuidArray } from "#db/arrays.ts";
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

/** Stores those that are new, in one statement, with the commit. Sorted, so that two batches cannot wait for each other in a circle. */
export function storeRates(ctx: InTx, rates: readonly Rate[]): void {
  if (rates.length === 0) return;
  const sorted = [...rates].sort((a, b) => (a.id < b.id ? -1 : 1));
  const hops = sorted.flatMap((rate) => rate.chain.map((choice, hop) => ({ rateId: rate.id, hop, ...choice })));
  const ids = (pick: (rate: Rate) => string) => uuidArray(sorted.map(pick));
  const text = (pick: (rate: Rate) => string) => textArray(sorted.map(pick));
  ctx.tx.atCommit(ctx.tx.sql`
    with fresh as (
      insert into rates (id, key, tenant_id, operator_id, traffic_class, created_at)
      select *, ${ctx.clock.now()}::timestamptz from unnest(${ids((r) => r.id)}::uuid[], ${text((r) => r.key)}::text[],
        ${ids((r) => r.tenantId)}::uuid[], ${text((r) => r.operatorId)}::text[], ${text((r) => r.trafficClass)}::text[])
      on conflict do nothing returning id
    )
    insert into rate_hops (rate_id, hop, order_id, seller_id, buyer_id, unit_price_micros, currency, post_on)
    select h.* from unnest(${uuidArray(hops.map((h) => h.rateId))}::uuid[], ${intArray(hops.map((h) => h.hop))}::int[],
      ${uuidArray(hops.map((h) => h.order.id))}::uuid[], ${uuidArray(hops.map((h) => h.order.sellerId))}::uuid[],
      ${uuidArray(hops.map((h) => h.order.buyerId))}::uuid[], ${bigintArray(hops.map((h) => h.unitPriceMicros))}::bigint[],
      ${textArray(hops.map((h) => h.order.currency))}::text[], ${textArray(hops.map((h) => h.order.postOn))}::text[])
      as h (rate_id, hop, order_id, seller_id, buyer_id, unit_price_micros, currency, post_on)
    join fresh on fresh.id = h.rate_id`);
}
