/** Clocks of other zones, on ordinary days and when they are put forward. */
import { expect, it } from "vitest";
import { fromClock, toClock } from "#app/console/campaigns/compose/zone-time.ts";

it.each([
  ["2026-11-24T09:30", "Asia/Ho_Chi_Minh", "2026-11-24T02:30:00.000Z"],
  ["2026-07-01T00:05", "Europe/Berlin", "2026-06-30T22:05:00.000Z"],
  ["2026-12-31T23:59", "America/Caracas", "2027-01-01T03:59:00.000Z"],
])("reads %s in %s", (text, zone, moment) => {
  expect(fromClock(text, zone)).toEqual({ at: new Date(moment), isShifted: false });
  expect(toClock(new Date(moment), zone)).toBe(text);
});

it("says when a clock never shows the time", () => {
  expect(fromClock("2026-03-29T02:30", "Europe/Berlin")?.isShifted).toBe(true);
});

it("reads nothing into what is no time", () => {
  expect(fromClock("", "UTC")).toBeNull();
});
