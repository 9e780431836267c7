/** Which status follows from what is left. */
import { describe, expect, it } from "vitest";
import { nextStatus, type RunningStatus, roomOf, type Usage, usedPercent } from "#server/domain/ledger/usage.ts";

const usage = (over: Partial<Usage>): Usage => ({
  money: null,
  parts: null,
  cheapestMicros: 10n,
  nearlyUsedPercent: 80,
  ...over,
});
const partsLeft = (left: bigint) => usage({ parts: { capacity: 100n, left } });

describe("the status of a running order", () => {
  it.each<[RunningStatus, bigint, RunningStatus]>([
    ["active", 21n, "active"],
    ["active", 20n, "nearly_used"],
    ["nearly_used", 25n, "nearly_used"],
    ["nearly_used", 26n, "active"],
    ["nearly_used", 0n, "used_up"],
    ["used_up", 1n, "nearly_used"],
    ["used_up", 90n, "active"],
  ])("%s with %i of 100 parts left is %s", (before, left, after) => {
    expect(nextStatus(before, partsLeft(left))).toBe(after);
  });

  it("is used up when the money left buys not even the cheapest part, unless parts are free", () => {
    const money = { capacity: 1_000n, left: 9n };
    expect(nextStatus("active", usage({ money }))).toBe("used_up");
    expect(nextStatus("active", usage({ money, cheapestMicros: 0n }))).toBe("nearly_used");
    expect(nextStatus("active", usage({ money, cheapestMicros: null }))).toBe("nearly_used");
  });

  it("follows the dimension that is used most", () => {
    const both = usage({ money: { capacity: 1_000n, left: 900n }, parts: { capacity: 10n, left: 1n } });
    expect(nextStatus("active", both)).toBe("nearly_used");
    expect(usedPercent(both)).toBe(90);
  });

  it("counts a credit limit as what was agreed", () => {
    expect(roomOf(-30n, 0n, -100n)).toEqual({ capacity: 100n, left: 70n });
    expect(roomOf(40n, 50n, 0n)).toEqual({ capacity: 50n, left: 40n });
    expect(roomOf(-5n, 0n, null)).toBeNull();
  });
});
