/** How a chunk's outcomes are read: who is refused for good, and where a campaign waits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planChunk } from "#server/domain/campaigns/plan-chunk.ts";

const of = (...codes: (string | null)[]) => codes.map((code) => ({ code, operatorId: "a" }));

describe("planChunk", () => {
  it("takes all, and refuses one by one what concerns one recipient only", () => {
    expect(planChunk(of(null, "opted_out", null, "no_price"))).toEqual({
      taken: 4,
      refused: [
        { index: 1, code: "opted_out" },
        { index: 3, code: "no_price" },
      ],
      holdCode: null,
    });
  });

  it("waits at the first recipient for whom the order had no room, even when a shorter text fitted after it", () => {
    expect(planChunk(of(null, "order_used_up", null, "order_used_up"))).toEqual({
      taken: 1,
      refused: [],
      holdCode: "order_used_up",
    });
    expect(planChunk(of("tenant_suspended", "tenant_suspended"))).toMatchObject({
      taken: 0,
      holdCode: "tenant_suspended",
    });
  });

  it("tells an operator that cannot be reached from a chain without room", () => {
    const t = "temporarily_unavailable";
    const mixed = [
      { operatorId: "a", code: null },
      { operatorId: "b", code: t },
      { operatorId: "a", code: null },
    ];
    expect(planChunk(mixed)).toEqual({ taken: 3, refused: [{ index: 1, code: t }], holdCode: null });
    expect(planChunk([...mixed, { operatorId: "a", code: t }])).toMatchObject({ taken: 3, holdCode: t });
    expect(planChunk(of(t, t))).toMatchObject({ taken: 0, holdCode: t });
  });

  it("never skips anybody: what is taken is accepted or refused", () => {
    const code = fc.constantFrom(null, "opted_out", "order_used_up", "temporarily_unavailable", "no_price", "no_route");
    const outcome = fc.record({ code, operatorId: fc.constantFrom("a", "b") });
    fc.assert(
      fc.property(fc.array(outcome), (outcomes) => {
        const plan = planChunk(outcomes);
        const refused = outcomes.slice(0, plan.taken).filter((o) => o.code !== null);
        expect(plan.refused.map((r) => r.code)).toEqual(refused.map((o) => o.code));
        expect(plan.holdCode === null).toBe(plan.taken === outcomes.length);
        if (plan.holdCode) expect(outcomes[plan.taken]?.code).toBe(plan.holdCode);
      }),
    );
  });
});
