/** The size of chunks follows how long they take, within bounds. */
import { expect, it } from "vitest";
import { ChunkPace } from "#server/domain/campaigns/chunk-pace.ts";

/** A machine that takes so long for a transaction, and for each recipient in it. */
function settled(fixedMs: number, perRowMs: number): number {
  const pace = new ChunkPace();
  for (let n = 0; n < 40; n += 1) pace.note(pace.rows, fixedMs + pace.rows * perRowMs);
  return pace.rows;
}

it("comes to what is written in the time that others may wait", () => {
  const rows = settled(20, 0.1);
  expect(20 + rows * 0.1).toBeGreaterThan(67);
  expect(20 + rows * 0.1).toBeLessThan(83);
});

it("stays within its bounds on the fastest and the slowest machine", () => {
  expect(settled(0, 0)).toBe(2_000);
  expect(settled(500, 1)).toBe(50);
});

it("changes little for one slow commit, and not at all for a short last chunk", () => {
  const pace = new ChunkPace();
  pace.note(500, 60_000);
  expect(pace.rows).toBe(375);
  pace.note(10, 60_000);
  expect(pace.rows).toBe(375);
});
