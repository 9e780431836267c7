/** The share that is used follows the dimension that runs out first. */
import { expect, it } from "vitest";
import { shareOf, usedShare } from "#server/domain/orders/used-share.ts";

const order = {
  amountMicros: 1_000_000n,
  heldMicros: 100_000n,
  spentMicros: 200_000n,
  partsLimit: 100n,
  heldParts: 0n,
  spentParts: 60n,
};

it("takes the dimension that is used most", () => {
  expect(usedShare(order)).toBe(0.6);
  expect(usedShare({ ...order, partsLimit: null })).toBe(0.3);
});

it("has no share of what is not bounded, and stays exact beyond what a float holds", () => {
  expect(shareOf(5n, null)).toBe(0);
  expect(shareOf(10n ** 24n - 1n, 10n ** 24n)).toBe(0.999);
});
