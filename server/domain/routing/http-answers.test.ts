/** Answers and receipts of HTTP partners: every notation, read without trust. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { BodyReader, compilePattern } from "#server/domain/routing/http-body.ts";
import { httpDescription } from "#server/domain/routing/http-description.ts";
import { readCallback } from "#server/domain/routing/http-receipt.ts";
import { readAnswer } from "#server/domain/routing/http-verdict.ts";
import { described } from "#tests/carriers/partner.ts";

const place = (path: string, from: "json" | "xml" | "pattern" | "field" | "header" = "json") => ({ from, path });
const bytes = (text: string, charset: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, charset));

describe("answers", () => {
  const errors = new ErrorTable([
    { kind: "submit", code: "E42", verdict: "failover", reason: "blocked" },
    { kind: "submit", code: "HTTP_500", verdict: "retry_later", reason: null },
  ]);
  const strict = httpDescription.parse({
    ...described("https://partner.example"),
    answer: {
      statuses: "200,202",
      success: { ...place("/status"), values: ["0", "ok"] },
      id: place("/messages/0/id"),
      error: place("/error/code"),
    },
    receipts: { kind: "callback", id: place("/id"), status: place("/status") },
  });
  const read = (status: number, body: string, isWhole = true) =>
    readAnswer(strict, { status, headers: {}, contentType: "application/json", bytes: bytes(body), isWhole }, errors);

  it.each<[number, string, object]>([
    [200, '{"status":0,"messages":[{"id":"A1"}]}', { kind: "accepted", carrierId: "A1" }],
    [
      202,
      '{"status":"OK","messages":[{"id":12345678901234567890}]}',
      { kind: "accepted", carrierId: "12345678901234567890" },
    ],
    [200, '{"status":0}', { kind: "lost" }],
    [200, "<html>log in first</html>", { kind: "lost" }],
    [
      200,
      '{"status":"7","error":{"code":"e42"}}',
      { kind: "refused", code: "E42", verdict: "failover", reason: "blocked" },
    ],
    [200, '{"status":"7"}', { kind: "refused", code: "7", verdict: "fail" }],
    [400, '{"error":{"code":"bad_number"}}', { kind: "refused", code: "BAD_NUMBER", verdict: "fail" }],
    [429, "", { kind: "refused", code: "HTTP_429", verdict: "throttle" }],
    [500, "", { kind: "refused", code: "HTTP_500", verdict: "retry_later" }],
    [503, "", { kind: "refused", verdict: "retry_later" }],
    [502, "bad gateway", { kind: "lost", why: "HTTP_502" }],
    [504, "", { kind: "lost" }],
    [401, "", { kind: "closed", why: "HTTP_401" }],
    [302, "", { kind: "closed" }],
    [201, '{"status":0,"messages":[{"id":"A1"}]}', { kind: "refused", code: "HTTP_201" }],
  ])("%s %s", (status, body, outcome) => {
    expect(read(status, body)).toMatchObject(outcome);
  });

  it("are read from XML, headers, plain text by a pattern, and in other charsets", () => {
    const reader = new BodyReader({
      contentType: "text/xml; charset=iso-8859-1",
      headers: { "x-id": "H7" },
      bytes: bytes('<?xml version="1.0"?><r:a xmlns:r="u"><id n="5">ä1</id><id>b2</id></r:a>', "latin1"),
    });
    expect(reader.read(place("a/id", "xml"))).toBe("ä1");
    expect(reader.read(place("r:a/id/@n", "xml"))).toBe("5");
    expect(reader.read(place("X-Id", "header"))).toBe("H7");
    expect(reader.read(place("<id>(\\w+)</id>", "pattern"))).toBe("b2");
    const entities = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><id>&x;</id></a>';
    const evil = new BodyReader({ contentType: "text/xml", headers: {}, bytes: bytes(entities) });
    expect(evil.read(place("a/id", "xml"))).toBeNull();
  });

  it("never take long, whatever the pattern and the body", () => {
    const body = bytes(`${"a".repeat(65_000)}!`);
    const reader = new BodyReader({ contentType: "text/plain", headers: {}, bytes: body });
    expect(reader.read(place("^(a+)+$", "pattern"))).toBeNull();
    expect(reader.read(place("(x+x+)+y", "pattern"))).toBeNull();
    expect(compilePattern("((a{1000}){1000}){1000}")).toBeNull();
    expect(compilePattern("(")).toBeNull();
  });

  it("throw at nothing", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("json", "xml", "pattern", "field", "header"),
        (raw, from) => {
          for (const contentType of [
            "application/json",
            "text/xml; charset=utf-16",
            "x; charset=none",
            "application/x-www-form-urlencoded",
          ]) {
            const value = new BodyReader({ contentType, headers: {}, bytes: raw }).read(place("/a/0", from));
            expect(value === null || !/\p{Surrogate}/u.test(value)).toBe(true);
          }
        },
      ),
    );
    expect(read(200, '{"__proto__":{"status":0}}')).toMatchObject({ kind: "lost" });
    expect(read(200, "[".repeat(60_000))).toMatchObject({ kind: "lost" });
    expect(read(200, `${"<a>".repeat(20_000)}`)).toMatchObject({ kind: "lost" });
  });
});

describe("receipts", () => {
  const callback = (change: object) => {
    const { receipts } = httpDescription.parse({
      ...described("https://partner.example"),
      receipts: {
        kind: "callback",
        id: place("/id"),
        status: place("/st"),
        error: place("/err"),
        to: place("/to"),
        states: [
          { value: "1", means: "delivered" },
          { value: "16", means: "undelivered" },
        ],
        ...change,
      },
    });
    if (receipts.kind !== "callback") throw new Error("no callback");
    return receipts;
  };
  const call = (text: string, contentType = "application/json", query = "") => ({
    contentType,
    headers: {},
    bytes: bytes(text),
    query,
  });

  it("come as JSON, one or many, as a form, as a query, as XML", () => {
    const one = { id: "A1", said: "1", state: "DELIVRD", errorCode: null, msisdn: "84912345678" };
    expect(readCallback(callback({}), call('{"id":"A1","st":1,"to":"+84 912345678"}'))).toEqual([one]);
    const many = callback({ list: "/all" });
    expect(
      readCallback(many, call('{"all":[{"id":"A1","st":"1","to":"84912345678"},{"id":"A2"},7,{"id":"A3","st":"16"}]}')),
    ).toMatchObject([one, { id: "A3", state: "UNDELIV" }]);
    expect(readCallback(callback({ list: "/" }), call('[{"id":"A1","st":"1"}]'))).toHaveLength(1);
    const field = {
      id: place("id", "field"),
      status: place("st", "field"),
      error: place("err", "field"),
      to: undefined,
    };
    const form = "application/x-www-form-urlencoded";
    expect(readCallback(callback(field), call("id=A1&st=failed&err=27", form))).toMatchObject([
      { id: "A1", state: "UNDELIV", errorCode: "27" },
    ]);
    expect(readCallback(callback(field), call("", "", "id=A1&st=DELIVRD"))).toMatchObject([{ state: "DELIVRD" }]);
    const xml = {
      id: place("dlr/id", "xml"),
      status: place("dlr/@st", "xml"),
      error: undefined,
      to: undefined,
      list: "all/dlr",
    };
    expect(
      readCallback(
        callback(xml),
        call('<all><dlr st="1"><id>A1</id></dlr><dlr st="8"><id>A2</id></dlr></all>', "text/xml"),
      ),
    ).toMatchObject([
      { id: "A1", state: "DELIVRD" },
      { id: "A2", state: "UNKNOWN", said: "8" },
    ]);
  });

  it("are none when the call says nothing that was described", () => {
    for (const text of [
      "",
      "null",
      "[]",
      "{",
      '{"id":"A1"}',
      '{"id":{"x":1},"st":"1"}',
      `{"id":"${"x".repeat(300)}","st":1}`,
    ]) {
      expect(readCallback(callback({}), call(text)), text).toEqual([]);
    }
  });
});
