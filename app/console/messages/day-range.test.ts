/** Days are those of the tenant's zone, and the last one counts. */
import { expect, it } from "vitest";
import { dayRange } from "#app/console/messages/day-range.ts";

it("begins and ends at midnight of the zone, the last day included", () => {
  expect(dayRange("2026-03-01", "2026-03-02", "Asia/Ho_Chi_Minh")).toEqual({
    from: new Date("2026-02-28T17:00:00Z"),
    to: new Date("2026-03-02T17:00:00Z"),
  });
});

it("follows the clocks when they change", () => {
  expect(dayRange("2026-03-29", "2026-03-29", "Europe/Berlin")).toEqual({
    from: new Date("2026-03-28T23:00:00Z"),
    to: new Date("2026-03-29T22:00:00Z"),
  });
});

it("leaves out what is no day", () => {
  expect(dayRange("yesterday", undefined, "UTC")).toEqual({});
});
