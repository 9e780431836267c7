/** Small sums over measured figures: percentiles, medians, rounding. Pure. */
export type Percentiles = { p50: number; p90: number; p99: number };

/** As the load clients write them. */
export const rounded = (latency: Record<string, number>): Percentiles => ({
  p50: tenths(latency.p50 ?? 0),
  p90: tenths(latency.p90 ?? 0),
  p99: tenths(latency.p99 ?? 0),
});

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => tenths(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** The middle one; of an even number the lower of the two in the middle. NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

export const tenths = (value: number): number => Math.round(value * 10) / 10;
