/** The bar of an order warns at the order's own line. */
import { expect, it } from "vitest";
import { usageTone } from "#app/console/orders/usage.ts";

it("warns at the order's own line and says when nothing is left", () => {
  expect(usageTone(0.79, 80)).toBe("brand");
  expect(usageTone(0.8, 80)).toBe("warning");
  expect(usageTone(1, 80)).toBe("danger");
});
