/** The table of figures: medians, ranges, and who was how many times as fast. */
import { expect, it } from "vitest";
import { markdownOf, type Run, rowsOf } from "#scripts/load/table.ts";

const run = (system: string, perSecond: number, more: Partial<Run> = {}): Run => ({
  ...{ scenario: "h1", system, isPeer: system !== "Banyan", messages: 1_000, perSecond, acceptedPerSecond: null },
  ...{ latencyMs: null, cpuPerThousand: 1, peakMib: 100, most: null, notes: {} },
  ...more,
});

it("takes the middle of the repetitions, and compares with the fastest of the others", () => {
  const rows = rowsOf([
    ...[300, 100, 200].map((perSecond) => run("Banyan", perSecond)),
    ...[50, 90, 100].map((perSecond) => run("Kannel", perSecond)),
    run("Jasmin", 10),
    run("Banyan", 7, { scenario: "c1" }),
  ]);
  expect(rows.map(({ system, perSecond, range, runs, ratio }) => [system, perSecond, range, runs, ratio])).toEqual([
    ["Banyan", 200, [100, 300], 3, 200 / 90],
    ["Kannel", 90, [50, 100], 3, 200 / 90],
    ["Jasmin", 10, [10, 10], 1, 20],
    ["Banyan", 7, [7, 7], 1, null],
  ]);
});

it("writes one line a system, with what was not measured left empty", () => {
  const latencyMs = { p50: 1.5, p90: 2, p99: 3 };
  const most = { name: "web", mib: 80 };
  const lines = markdownOf(
    rowsOf([run("Banyan", 1_234.4, { latencyMs, acceptedPerSecond: 2_000.2, most }), run("K", 2)]),
  );
  expect(lines.split("\n").slice(2)).toEqual([
    "| h1 | Banyan | 1,000 (1) | 1,234 | 2,000 | 1.5 / 2 / 3 | 1.00 | 100 | web 80 | 617.2 |",
    "| h1 | K | 1,000 (1) | 2 |  |  | 1.00 | 100 |  | 617.2 |",
  ]);
});
