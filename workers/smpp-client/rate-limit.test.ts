/** The rate that a connector learns from a carrier: at its limit, and unharmed by a refusal now and then. */
import { describe, expect, it } from "vitest";
import { RateLimit } from "#workers/smpp-client/rate-limit.ts";

const stepMs = 10;

/** Seconds of steady demand against a carrier; by second: what was sent. */
function run(
  limit: RateLimit,
  seconds: number,
  demand: number,
  isThrottled: (inSecond: number, nth: number) => boolean,
) {
  const sent: number[] = [];
  let nth = 0;
  for (let second = 0; second < seconds; second += 1) {
    let inSecond = 0;
    for (let step = 0; step < 1_000 / stepMs; step += 1) {
      const nowMs = second * 1_000 + step * stepMs;
      for (let n = 0; n < (demand * stepMs) / 1_000 && limit.take(nowMs); n += 1) {
        limit.answered(isThrottled(inSecond, nth) ? "throttle" : "accepted");
        inSecond += 1;
        nth += 1;
      }
    }
    sent.push(inSecond);
  }
  return sent;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the learnt rate", () => {
  it("settles within 105 of a hundred of what the carrier allows, inside ten seconds, and finds more room later", () => {
    const limit = new RateLimit(0, 0);
    const sent = run(limit, 40, 1_000, (inSecond) => inSecond >= 200);
    expect(mean(sent.slice(10))).toBeLessThanOrEqual(210);
    expect(mean(sent.slice(10))).toBeGreaterThan(190);
  });

  it("stays where it was when two submits in a hundred are throttled whatever the rate", () => {
    const sent = run(new RateLimit(0, 0), 60, 400, (_, nth) => nth % 50 === 0);
    expect(mean(sent.slice(30))).toBeGreaterThan(360);
  });

  it("falls to the slowest where most is throttled, and never above what was set", () => {
    const sent = run(new RateLimit(300, 0), 40, 1_000, (_, nth) => nth % 10 !== 0);
    expect(Math.max(...sent)).toBeLessThanOrEqual(320);
    expect(mean(sent.slice(20))).toBeLessThan(30);
  });
});
