/** CSV cells: quoted as RFC 4180 says, and never a formula. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "#server/kernel/csv.ts";

describe("csv", () => {
  it.each([
    ["=HYPERLINK(A1)", "'=HYPERLINK(A1)"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["@SUM(1)", "'@SUM(1)"],
    ["\u00a0=1", "'\u00a0=1"],
    ["\t=1", "'\t=1"],
    ["＝1", "'＝1"],
    ["-2+cmd", "'-2+cmd"],
    ["+84 90 123 45 67", "+84 90 123 45 67"],
    ["-1.5", "-1.5"],
    ['a"b', '"a""b"'],
    ["a,b", '"a,b"'],
  ])("writes %j as %s", (value, expected) => {
    expect(csvLine([value])).toBe(`${expected}\r\n`);
  });

  it("never lets a cell start with a sign that a spreadsheet runs, unless only digits follow", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const line = csvLine([text]).slice(0, -2);
        const shown = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
        expect(/^[=@\t\r\n]/.test(shown)).toBe(false);
        if (/^[+-]/.test(shown)) expect(shown).toMatch(/^[+-][\d .()-]+$/);
      }),
    );
  });
});
