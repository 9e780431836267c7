/** Ranges of days: presets at the edges of months and years, addresses that people have edited. */
import { describe, expect, it } from "vitest";
import {
  dayCount,
  daysOf,
  lastDays,
  presetRange,
  presets,
  rangeBefore,
  rangeOfParams,
} from "#app/console/reports/range.ts";

describe("presets", () => {
  it("count back from today, over the ends of months and years", () => {
    expect(presetRange("yesterday", "2026-01-01")).toEqual({ from: "2025-12-31", to: "2025-12-31" });
    expect(presetRange("days7", "2026-03-03")).toEqual({ from: "2026-02-25", to: "2026-03-03" });
    expect(presetRange("thisMonth", "2026-03-01")).toEqual({ from: "2026-03-01", to: "2026-03-01" });
    expect(presetRange("lastMonth", "2024-03-31")).toEqual({ from: "2024-02-01", to: "2024-02-29" });
    expect(presetRange("lastMonth", "2026-01-15")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
  });

  it("are all ranges that a report accepts", () => {
    for (const preset of presets) {
      const days = dayCount(presetRange(preset, "2026-11-22"));
      expect(days).toBeGreaterThanOrEqual(1);
      expect(days).toBeLessThanOrEqual(400);
    }
  });
});

describe("a range", () => {
  it("lists its days, and has one of the same length before it", () => {
    expect(daysOf(lastDays("2026-03-01", 3))).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
    expect(rangeBefore(lastDays("2026-03-01", 3))).toEqual({ from: "2026-02-24", to: "2026-02-26" });
  });

  it("is read from the address; what is no day counts as missing", () => {
    const today = "2026-11-22";
    expect(rangeOfParams({}, today)).toEqual({ from: "2026-10-24", to: today });
    expect(rangeOfParams({ from: "2026-11-01", to: "2026-11-05" }, today)).toEqual({
      from: "2026-11-01",
      to: "2026-11-05",
    });
    expect(rangeOfParams({ to: "2026-02-28" }, today)).toEqual({ from: "2026-01-30", to: "2026-02-28" });
    for (const wrong of ["2026-02-31", "22.11.2026", "' or 1=1", "2026-13-01", ""]) {
      expect(rangeOfParams({ from: wrong }, today).from).toBe("2026-10-24");
    }
  });
});
