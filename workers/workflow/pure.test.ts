/** The server's pure parts: expressions, time strings, cron schedules, canonical JSON and signatures. */
import { describe, expect, it } from "vitest";
import { nextMoment, parseCron } from "./cron.ts";
import { durationMs, momentOf, retryMoment } from "./duration.ts";
import { conditionsFor, holds, isTrue, keyText, parseCondition, parseKey } from "./expression.ts";
import { canonicalJson, hashedKey, isSignedBy, sign } from "./signature.ts";

const event = { name: "t/x", data: { a: 1, text: "x", nested: { b: true }, nothing: null } };

describe("expressions", () => {
  it("compare paths and literals", () => {
    const is = (text: string) => isTrue(parseCondition(text, ["event"]), { event });
    expect(is("event.data.a == 1")).toBe(true);
    expect(is("event.data.text == 'x' && event.data.nested.b == true")).toBe(true);
    expect(is('event.data.text != "x"')).toBe(false);
    expect(is("event.data.nothing == null")).toBe(true);
    expect(is("event.data.missing == event.data.missing")).toBe(false);
    expect(is("event.data.missing != 1")).toBe(false);
    expect(is("event.data.constructor != 1")).toBe(false);
  });

  it("leave open what concerns the awaited event", () => {
    const open = (text: string) => conditionsFor(parseCondition(text, ["event", "async"]), event);
    const conditions = open("event.data.a == async.data.a && async.data.grade != 'poor'") ?? [];
    expect(holds(conditions, { data: { a: 1, grade: "good" } })).toBe(true);
    expect(holds(conditions, { data: { a: 1, grade: "poor" } })).toBe(false);
    expect(holds(conditions, { data: { a: 2, grade: "good" } })).toBe(false);
    expect(open("event.data.a == 2 && async.data.b == 1")).toBeNull();
    expect(open("event.data.missing == async.data.missing")).toBeNull();
  });

  it.each([
    "event.data.a > 1",
    "event.data.a",
    "event.data.a == 1 ||",
    "event.data.a == 1 &&",
    "event.data.a == 1 event.data.a == 1",
    "size(event.data.a) == 1",
    "",
    "async.data.a == 1",
    "event.data['a'] == 1",
  ])("refuse %j", (text) => {
    expect(() => parseCondition(text, ["event"])).toThrow(/supported|no meaning/);
  });

  it("make keys", () => {
    expect(keyText(parseKey("event.data.text"), event)).toBe("x");
    expect(keyText(parseKey("event.data.text + '-' + event.data.a + event.data.missing"), event)).toBe("x-1null");
    expect(() => parseKey("event.data.text +")).toThrow("supported");
    expect(() => parseKey("event.data.text == 'x'")).toThrow("supported");
  });
});

describe("times", () => {
  const now = new Date("2026-03-01T00:00:00Z");

  it("read time strings, dates and Retry-After", () => {
    expect(durationMs("2h45m")).toBe(9_900_000);
    expect(durationMs("300ms")).toBe(300);
    expect(durationMs("1.5s")).toBe(1500);
    expect(durationMs("1w2d")).toBe(777_600_000);
    for (const wrong of ["", "5", "5x", "1h 5m", "-1s"]) expect(durationMs(wrong)).toBeNull();
    expect(momentOf("1m", now)?.toISOString()).toBe("2026-03-01T00:01:00.000Z");
    expect(momentOf("2026-04-01T10:00:00.000Z", now)?.toISOString()).toBe("2026-04-01T10:00:00.000Z");
    expect(momentOf("tomorrow", now)).toBeNull();
    expect(retryMoment("30", now)?.toISOString()).toBe("2026-03-01T00:00:30.000Z");
    expect(retryMoment("Sun, 01 Mar 2026 00:05:00 GMT", now)?.toISOString()).toBe("2026-03-01T00:05:00.000Z");
    expect(retryMoment(undefined, now)).toBeNull();
  });

  it.each([
    ["* * * * *", "2026-03-01T00:00:30Z", "2026-03-01T00:01:00.000Z"],
    ["*/15 9-17 * * mon-fri", "2026-03-01T00:00:00Z", "2026-03-02T09:00:00.000Z"],
    ["30 2 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T02:30:00.000Z"],
    ["0 0 1,15 * 1", "2026-03-03T00:00:00Z", "2026-03-09T00:00:00.000Z"],
    ["@daily", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["*/20 * * * * *", "2026-03-01T00:00:20Z", "2026-03-01T00:00:40.000Z"],
    ["TZ=Asia/Ho_Chi_Minh 0 8 * * *", "2026-03-01T00:00:00Z", "2026-03-01T01:00:00.000Z"],
    // 29 March 2026: clocks in Paris go from 02:00 to 03:00, so that day has no 02:30.
    ["TZ=Europe/Paris 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00.000Z"],
    // 25 October 2026: 02:30 comes twice, and counts once, the second time.
    ["TZ=Europe/Paris 30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T01:30:00.000Z"],
    ["TZ=Europe/Paris 30 2 * * *", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00.000Z"],
  ])("find the moment of %s after %s", (expression, after, expected) => {
    expect(nextMoment(parseCron(expression), new Date(after))?.toISOString()).toBe(expected);
  });

  it("know a schedule that never comes, and refuse what is none", () => {
    expect(nextMoment(parseCron("0 0 31 2 *"), now)).toBeNull();
    for (const wrong of [
      "",
      "* * * *",
      "60 * * * *",
      "a * * * *",
      "5-1 * * * *",
      "*/0 * * * *",
      "TZ=Mars/Base * * * * *",
    ]) {
      expect(() => parseCron(wrong)).toThrow();
    }
  });
});

describe("signatures", () => {
  it("are made of canonical JSON", () => {
    expect(canonicalJson({ b: [1, { d: undefined, c: "é\n" }], a: null })).toBe('{"a":null,"b":[1,{"c":"é\\n"}]}');
  });

  it("hold for five minutes, for this body and this key only", () => {
    const key = "signkey-test-0102";
    const nowMs = Date.parse("2026-03-01T00:00:00Z");
    const header = sign("{}", key, nowMs);
    expect(isSignedBy(header, "{}", key, nowMs + 299_000)).toBe(true);
    expect(isSignedBy(header, "{}", key, nowMs + 301_000)).toBe(false);
    expect(isSignedBy(header, "[]", key, nowMs)).toBe(false);
    expect(isSignedBy(header, "{}", "signkey-test-0103", nowMs)).toBe(false);
    expect(isSignedBy(undefined, "{}", key, nowMs)).toBe(false);
  });

  it("hash the key as the specification's example does", () => {
    expect(hashedKey("signkey-prod-12345678")).toBe(
      "signkey-prod-b2ed992186a5cb19f6668aade821f502c1d00970dfd0e35128d51bac4649916c",
    );
  });
});
