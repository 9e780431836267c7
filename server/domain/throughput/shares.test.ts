/** The division of room by contracts, over many rounds with time going by: properties, and cases worth naming. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContractBook, type ContractTerms } from "#server/domain/throughput/book.ts";
import { TokenBucket } from "#server/domain/throughput/bucket.ts";
import { pass } from "#server/domain/throughput/passage.ts";
import type { LaneShare } from "#server/domain/throughput/round.ts";
import { Shares } from "#server/domain/throughput/shares.ts";

const term = (tenantId: string, over: Partial<ContractTerms> = {}): ContractTerms => ({
  tenantId,
  reservedPerSecond: 0,
  maxPerSecond: null,
  weight: 1,
  part: 1,
  ...over,
});
const bookOf = (terms: ContractTerms[]) => {
  const book = new ContractBook();
  book.apply(terms, 0);
  return book;
};
const waits = (tenantId: string, lane: number, count = Number.POSITIVE_INFINITY, above: string[] = ["root"]) => ({
  lane,
  tenantId,
  path: [...above, tenantId],
  count,
});

type Run = { shares: Shares; waiting: LaneShare[]; roomPerRound: number; rounds: number; roundMs: number };

/** Plays rounds in which everything planned is taken. @returns messages by "lane tenant" */
function play({ shares, waiting, roomPerRound, rounds, roundMs }: Run, fromMs = 0): Map<string, number> {
  const served = new Map<string, number>();
  for (let n = 1; n <= rounds; n += 1) {
    const nowMs = fromMs + n * roundMs;
    const plan = shares.plan(roomPerRound, waiting, nowMs);
    shares.settle(plan, nowMs);
    for (const { lane, tenantId, count } of plan) {
      const key = `${lane} ${tenantId}`;
      served.set(key, (served.get(key) ?? 0) + count);
    }
  }
  return served;
}

describe("the share", () => {
  const contracts = fc.array(
    fc.record({
      reserved: fc.integer({ min: 0, max: 60 }),
      weight: fc.integer({ min: 1, max: 10 }),
      lane: fc.constantFrom(1, 2),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it("gives everybody at least what is reserved, wastes nothing, and divides the rest by weight", () => {
    fc.assert(
      fc.property(contracts, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 300 }), (list, room, spare) => {
        const names = list.map((_, n) => `t${n}`);
        const terms = list.map(({ reserved, weight }, n) => term(`t${n}`, { reservedPerSecond: reserved, weight }));
        // Rounds are short: a connector that takes fewer than so many a second gets smaller ones.
        const perSecond = Math.max(list.reduce((sum, { reserved }) => sum + reserved, 0) + spare, room * 5);
        const roundMs = (room / perSecond) * 1_000;
        const rounds = Math.ceil(20_000 / roundMs);
        const waiting = list.map(({ lane }, n) => waits(`t${n}`, lane));
        const served = play({ shares: new Shares(bookOf(terms)), waiting, roomPerRound: room, rounds, roundMs });
        const total = (lane: number, n: number) => served.get(`${lane} ${names[n]}`) ?? 0;
        const sum = [...served.values()].reduce((a, b) => a + b, 0);
        expect(sum).toBe(room * rounds);
        const seconds = (rounds * roundMs) / 1_000;
        // A second's worth was saved before the beginning, and each round ends in the middle of somebody's turn.
        const saved = list.reduce((all, { reserved }) => all + reserved + 1, 0);
        for (const [n, { reserved, lane }] of list.entries()) {
          expect(total(lane, n)).toBeGreaterThanOrEqual(Math.floor(reserved * seconds) - room - saved);
        }
        // Of the lane that gets the rest: excess over what was reserved, by weight.
        const first = list.some(({ lane }) => lane === 1) ? 1 : 2;
        const rivals = [...list.entries()].filter(([, { lane }]) => lane === first);
        const shareOf = ([n, { reserved, weight }]: (typeof rivals)[number]) =>
          (total(first, n) - reserved * seconds) / weight;
        const excess = rivals.map(shareOf);
        expect(Math.max(...excess) - Math.min(...excess)).toBeLessThanOrEqual(saved + 2 * room);
      }),
      { numRuns: 50 },
    );
  });

  it("never lets a tenant, or the tenants below it together, above their contract", () => {
    const caps = fc.record({
      parent: fc.integer({ min: 1, max: 50 }),
      children: fc.array(fc.option(fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 }),
      room: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(caps, ({ parent, children, room }) => {
        const terms = [term("p", { maxPerSecond: parent })];
        for (const [n, cap] of children.entries()) if (cap) terms.push(term(`c${n}`, { maxPerSecond: cap }));
        const shares = new Shares(bookOf(terms));
        const waiting = children.map((_, n) => waits(`c${n}`, n % 3, Number.POSITIVE_INFINITY, ["root", "p"]));
        const served = play({ shares, waiting, roomPerRound: room, rounds: 200, roundMs: 50 });
        const sum = [...served.values()].reduce((a, b) => a + b, 0);
        // Ten seconds, and the burst of one.
        expect(sum).toBeLessThanOrEqual(parent * 11 + 1);
        for (const [n, cap] of children.entries())
          expect(served.get(`${n % 3} c${n}`) ?? 0).toBeLessThanOrEqual((cap ?? parent) * 11 + 1);
        const possible = Math.min(
          parent,
          children.reduce<number>((total, cap) => total + (cap ?? parent), 0),
          room * 20,
        );
        expect(sum).toBeGreaterThanOrEqual(Math.floor(possible * 9.9) - 1);
      }),
      { numRuns: 100 },
    );
  });

  it("serves one-time codes before anything that is reserved", () => {
    const shares = new Shares(bookOf([term("a", { reservedPerSecond: 1_000 })]));
    const plan = shares.plan(10, [waits("a", 1), waits("b", 0, 7)], 0);
    expect(plan).toMatchObject([
      { tenantId: "a", lane: 1, count: 3 },
      { tenantId: "b", lane: 0, count: 7 },
    ]);
  });

  it("lends out what rests, and takes it back at once", () => {
    const shares = new Shares(bookOf([term("a", { reservedPerSecond: 80 })]));
    const round = { shares, roomPerRound: 5, rounds: 200, roundMs: 50 };
    expect(play({ ...round, waiting: [waits("b", 1)] }).get("1 b")).toBe(1_000);
    // Twenty rounds are a second, in which 100 go; half of what nobody reserved is a's, too.
    const back = play({ ...round, rounds: 20, waiting: [waits("a", 2), waits("b", 1)] }, 10_000);
    expect(back.get("2 a")).toBeGreaterThanOrEqual(80);
    const first = play({ ...round, rounds: 1, waiting: [waits("a", 2), waits("b", 1)] }, 12_000);
    expect(first.get("2 a")).toBe(5);
  });

  it("divides at every fork: who has more children has no more for it", () => {
    const shares = new Shares(bookOf([]));
    const many = Array.from({ length: 9 }, (_, n) => waits(`m${n}`, 1, Number.POSITIVE_INFINITY, ["root", "many"]));
    const served = play({
      shares,
      waiting: [...many, waits("one", 1)],
      roomPerRound: 3,
      rounds: 300,
      roundMs: 10,
    });
    expect(served.get("1 one")).toBeGreaterThanOrEqual(449);
    for (const { tenantId } of many) expect(served.get(`1 ${tenantId}`)).toBeGreaterThanOrEqual(48);
  });

  it("says how long a contract holds somebody back", () => {
    const shares = new Shares(bookOf([term("a", { maxPerSecond: 20 })]));
    expect(shares.plan(100, [waits("a", 1)], 0)).toMatchObject([{ count: 21 }]);
    expect(shares.heldForMs).toBe(50);
    shares.plan(100, [waits("b", 1)], 0);
    expect(shares.heldForMs).toBe(0);
  });
});

describe("the bucket", () => {
  it("never gives more than a burst and its rate, whatever is asked when", () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 50 })), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), asks, (perSecond, list) => {
        const bucket = new TokenBucket(perSecond, 0);
        let nowMs = 0;
        let given = 0;
        let last = 0;
        for (const [waitMs, count] of list) {
          nowMs += waitMs;
          nowMs += bucket.waitMs(nowMs);
          expect(bucket.available(nowMs)).toBeGreaterThanOrEqual(0.999);
          bucket.spend(count, nowMs);
          given += count;
          last = count;
        }
        expect(given - last).toBeLessThanOrEqual(perSecond * (1 + nowMs / 1_000) + 1.01);
      }),
    );
  });
});

describe("the door", () => {
  const one = { codes: 0, others: 1 };

  it("lets those at their bound in by handfuls, at the same rate", () => {
    const book = bookOf([term("a", { maxPerSecond: 100 })]);
    const handfuls: number[] = [];
    let isLast = false;
    // Ten times what was agreed, for ten seconds.
    for (let nowMs = 0; nowMs < 10_000; nowMs += 1) {
      const { isAllowed } = pass(book, ["a"], one, nowMs);
      if (isAllowed && isLast) handfuls.push((handfuls.pop() ?? 0) + 1);
      else if (isAllowed) handfuls.push(1);
      isLast = isAllowed;
    }
    const [burst = 0, ...later] = handfuls;
    expect(burst).toBeGreaterThan(100);
    expect(Math.min(...later.slice(0, -1))).toBeGreaterThanOrEqual(5);
    const total = handfuls.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(1_090);
    expect(total).toBeLessThanOrEqual(1_101);
  });

  it("says how long the handful takes, and that nothing is left; codes do not wait for it", () => {
    const book = bookOf([term("a", { maxPerSecond: 100 }), term("small", { maxPerSecond: 5 })]);
    pass(book, ["a"], { codes: 0, others: 101 }, 0);
    expect(pass(book, ["a"], one, 0)).toMatchObject({ isAllowed: false, waitMs: 10, bound: { left: 0 } });
    expect(pass(book, ["a"], one, 20)).toMatchObject({ isAllowed: false, waitMs: 30, bound: { left: 0 } });
    expect(pass(book, ["a"], { codes: 1, others: 0 }, 20).isAllowed).toBe(true);
    expect(pass(book, ["a"], one, 60).isAllowed).toBe(true);
    // A twentieth of a second of a small contract is less than a message.
    pass(book, ["small"], { codes: 0, others: 6 }, 0);
    expect(pass(book, ["small"], one, 100).waitMs).toBe(100);
    expect(pass(book, ["small"], one, 200).isAllowed).toBe(true);
  });
});

describe("the book", () => {
  it("keeps what is in the buckets when contracts are read again, and asks for all of one that holds back", () => {
    const book = bookOf([term("a", { maxPerSecond: 100 }), term("b", { reservedPerSecond: 10 })]);
    book.of("a")?.cap?.spend(101, 0);
    book.apply([term("a", { maxPerSecond: 100 }), term("b", { reservedPerSecond: 10 })], 0);
    expect(book.of("a")?.cap?.available(0)).toBe(0);
    book.count(["root", "a"], 40);
    book.count(["root", "b"], 8);
    book.hold("a");
    expect(Object.fromEntries(book.measure(1_000))).toEqual({ a: 100, b: 10 });
    expect(Object.fromEntries(book.measure(2_000))).toEqual({ a: 50, b: 5 });
  });
});
