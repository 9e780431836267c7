/** When a queue will be empty: plays the division of a connector's speed forward until everything is gone. Pure. */
import { ContractBook, type ContractTerms } from "#server/domain/throughput/book.ts";
import type { LaneShare } from "#server/domain/throughput/round.ts";
import { Shares } from "#server/domain/throughput/shares.ts";

/** Seconds that one step looks at, so that slow connectors divide into whole messages. */
const stepSeconds = 100;
/** Speeds change when somebody is through; after so many changes the rest is taken as it then goes. */
const mostSteps = 12;
const picks = 400;

/**
 * By position: seconds until the last message of each is gone, while nothing is added and contracts and speed stay.
 * @param perSecond what the connector sends now; null for all when it sends nothing
 */
export function drainSeconds(
  waiting: readonly LaneShare[],
  perSecond: number,
  terms: readonly ContractTerms[],
): (number | null)[] {
  if (perSecond <= 0) return waiting.map(() => null);
  const left = waiting.map(({ count }) => count);
  const ends = waiting.map<number | null>((_, n) => (left[n] === 0 ? 0 : null));
  let elapsed = 0;
  for (let step = 0; step < mostSteps; step += 1) {
    const open = waiting.flatMap((share, n) => ((left[n] ?? 0) > 0 ? [{ n, share }] : []));
    if (open.length === 0) break;
    const speeds = speedsOf(
      open.map(({ share }) => share),
      perSecond,
      terms,
    );
    const moving = open.flatMap(({ n }, place) => ((speeds[place] ?? 0) > 0 ? [{ n, speed: speeds[place] ?? 0 }] : []));
    if (moving.length === 0) break;
    const isLast = step === mostSteps - 1;
    const times = moving.map(({ n, speed }) => (left[n] ?? 0) / speed);
    // A tenth of those that are through first, at once: with many it comes down to a few steps.
    const pass = isLast ? Math.max(...times) : (times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)] ?? 0);
    for (const [place, { n, speed }] of moving.entries()) {
      const time = times[place] ?? 0;
      left[n] = time <= pass ? 0 : (left[n] ?? 0) - speed * pass;
      if (time <= pass) ends[n] = elapsed + time;
    }
    elapsed += pass;
  }
  return restOf(left, ends, elapsed, perSecond);
}

/** Who had no turn within the steps waits, at most, for everything. */
function restOf(left: number[], ends: (number | null)[], elapsed: number, perSecond: number): (number | null)[] {
  const all = left.reduce((sum, count) => sum + count, 0);
  return ends.map((end) => end ?? elapsed + all / perSecond);
}

function speedsOf(open: readonly LaneShare[], perSecond: number, terms: readonly ContractTerms[]): number[] {
  const book = new ContractBook();
  const many = (rate: number) => rate * stepSeconds;
  book.apply(
    terms.map((term) => ({
      ...term,
      part: 1,
      reservedPerSecond: many(term.reservedPerSecond),
      maxPerSecond: term.maxPerSecond === null ? null : many(term.maxPerSecond),
    })),
    0,
  );
  const endless = open.map((share) => ({ ...share, count: Number.POSITIVE_INFINITY }));
  const room = Math.max(1, Math.round(many(perSecond)));
  const served = new Map(
    new Shares(book, picks).plan(room, endless, 0).map(({ lane, tenantId, count }) => [`${lane}${tenantId}`, count]),
  );
  return open.map(({ lane, tenantId }) => (served.get(`${lane}${tenantId}`) ?? 0) / stepSeconds);
}
