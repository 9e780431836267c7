/** Holding a batch: what messages that are alike are spared must not change who pays, what is refused, and what is left. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "#server/domain/ledger/allocate.ts";
import { type Demand, planHold } from "#server/domain/ledger/hold.ts";
import type { Offer, OfferedOrder } from "#server/domain/ledger/offer.ts";
import { newId } from "#server/kernel/id.ts";

const now = new Date("2026-06-01T00:00:00Z");
const chain = ["root", "middle", "leaf"];
const operators = ["one", "two"];

type Bound = { buyer: string; parts: number | null; money: number | null; price: number };
type Wish = { operator: string; parts: number; leaf: boolean };

const bounds = fc.array(
  fc.record({
    buyer: fc.constantFrom("middle", "leaf"),
    parts: fc.option(fc.integer({ min: 0, max: 12 })),
    money: fc.option(fc.integer({ min: 0, max: 60 })),
    price: fc.integer({ min: 0, max: 7 }),
  }),
  { maxLength: 7 },
);
const wishes = fc.array(
  fc.record({ operator: fc.constantFrom(...operators), parts: fc.integer({ min: 1, max: 3 }), leaf: fc.boolean() }),
  { maxLength: 40 },
);

const orderOf = ({ buyer, parts, money }: Bound, index: number): OfferedOrder => ({
  id: `00000000-0000-7000-8000-00000000000${index}`,
  version: "1",
  number: `O-${index}`,
  sellerId: chain[chain.indexOf(buyer) - 1] ?? "",
  buyerId: buyer,
  currency: "EUR",
  postOn: "delivered",
  status: "active",
  validFrom: new Date("2026-01-01T00:00:00Z"),
  validUntil: new Date("2027-01-01T00:00:00Z"),
  senderNames: null,
  priceListId: `list-${index}`,
  nearlyUsedPercent: 80,
  cheapestMicros: null,
  amountMicros: null,
  partsLimit: null,
  money: money === null ? null : { capacity: 60n, left: BigInt(money) },
  parts: parts === null ? null : { capacity: 12n, left: BigInt(parts) },
});

function offerOf(all: Bound[]): Offer {
  const orders = all.map(orderOf);
  return {
    now,
    ordersByBuyer: new Map(["middle", "leaf"].map((buyer) => [buyer, orders.filter((o) => o.buyerId === buyer)])),
    // The second operator costs one more, so that messages of one batch exhaust an order at different moments.
    priceMicros: (list, _country, operator) =>
      BigInt((all[Number(list.slice(5))]?.price ?? 0) + operators.indexOf(operator)),
  };
}

const demandOf = ({ operator, parts, leaf }: Wish): Demand => ({
  key: newId(),
  tenantId: leaf ? "leaf" : "middle",
  ancestors: leaf ? chain : chain.slice(0, 2),
  operatorId: operator,
  country: "DE",
  trafficClass: "transactional",
  senderName: "Brand",
  parts,
});

const roomsOf = (offer: Offer) =>
  [...offer.ordersByBuyer.values()].flat().map(({ money, parts }) => [money?.left, parts?.left]);

const sumOf = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe("planning a batch", () => {
  it("gives each message what it would get alone, one after the other, and takes as much", () => {
    fc.assert(
      fc.property(bounds, wishes, (all, wanted) => {
        const demands = wanted.map(demandOf);
        const planned = offerOf(all);
        const plan = planHold(planned, { batchId: newId(), demands });
        const alone = offerOf(all);
        const expected = demands.map((demand) => {
          const { pieces, shortfall } = allocate(alone, demand);
          return shortfall ? shortfall.code : pieces[0]?.chain.map(({ order }) => order.id);
        });
        const got = plan.outcomes.map((told) => (told.ok ? told.hops.map(({ orderId }) => orderId) : told.code));
        expect(got).toEqual(expected);
        expect(roomsOf(planned)).toEqual(roomsOf(alone));
        const hops = plan.outcomes.flatMap((told) => (told.ok ? told.hops : []));
        expect(sumOf(plan.transfers.map(({ amount }) => amount))).toBe(
          sumOf(hops.flatMap(({ parts, totalMicros }) => [BigInt(parts), totalMicros])),
        );
      }),
      { numRuns: 500 },
    );
  });
});
