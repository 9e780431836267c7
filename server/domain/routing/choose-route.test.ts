/** The choice among routes: shares by weight within what chance allows, priorities and nearness before them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RouteRow, tableOf } from "#server/domain/routing/choose-route.ts";
import { newId } from "#server/kernel/id.ts";

const [root, leaf] = [newId(), newId()];
const route = (over: Partial<RouteRow> = {}): RouteRow => ({
  id: newId(),
  tenantId: root,
  connectorId: newId(),
  country: null,
  operatorId: null,
  trafficClass: null,
  priority: 100,
  weight: 1,
  ...over,
});
const demand = () => ({
  messageId: newId(),
  ancestors: [root, leaf],
  country: "VN",
  operatorId: "vn-viettel",
  trafficClass: "bulk" as const,
});

describe("routes of one priority", () => {
  it("get their share by weight, whatever the weights", () => {
    const sample = 3_000;
    /** Of so many draws, one in millions is further from its mean. */
    const sigmas = 5.5;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 6 }), (weights) => {
        const routes = weights.map((weight) => route({ weight }));
        const table = tableOf(routes);
        const counts = new Map(routes.map(({ id }) => [id, 0]));
        for (let n = 0; n < sample; n += 1) {
          const id = table.choose(demand())?.routeId ?? "";
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const { id, weight } of routes) {
          const share = weight / total;
          const deviation = Math.abs((counts.get(id) ?? 0) - sample * share);
          expect(deviation).toBeLessThanOrEqual(1 + sigmas * Math.sqrt(sample * share * (1 - share)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("without a connector that is away", () => {
  it("the rest of its priority shares, then the next priority, then the tenant above; at last nobody", () => {
    const [a, b] = [route({ tenantId: leaf }), route({ tenantId: leaf })];
    const second = route({ tenantId: leaf, priority: 200 });
    const above = route();
    const table = tableOf([a, b, above, second].sort((x, y) => x.priority - y.priority));
    const away = new Set<string>();
    const chosen = () => table.choose(demand(), (id) => !away.has(id))?.connectorId ?? null;
    expect([a.connectorId, b.connectorId]).toContain(chosen());
    for (const [gone, next] of [
      [a, b],
      [b, second],
      [second, above],
      [above, null],
    ] as const) {
      away.add(gone.connectorId);
      expect(chosen()).toBe(next?.connectorId ?? null);
    }
  });
});
