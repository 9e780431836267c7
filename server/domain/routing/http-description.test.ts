/** Templates, answers and receipts of HTTP partners: every value escaped for its place, every answer read without trust. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { BodyReader, compilePattern, isXmlTemplate } from "#server/domain/routing/http-body.ts";
import { type HttpDescriptionInput, httpDescription } from "#server/domain/routing/http-description.ts";
import { readCallback } from "#server/domain/routing/http-receipt.ts";
import { buildRequest, messageValues, secretMasker } from "#server/domain/routing/http-request.ts";
import { render, renderUrl } from "#server/domain/routing/http-template.ts";
import { readAnswer } from "#server/domain/routing/http-verdict.ts";

const plain: HttpDescriptionInput = {
  method: "POST",
  url: "https://partner.example/send",
  bodyKind: "json",
  body: '{"to":"{to}","from":"{from}","text":"{text}","parts":{parts}}',
  auth: { kind: "bearer" },
  answer: { id: { from: "json", path: "/id" } },
  receipts: { kind: "none" },
};
const wellFormed = (text: string) => text.replaceAll(/\p{Surrogate}/gu, "\ufffd");
const parsed = (change: Partial<HttpDescriptionInput> = {}) => httpDescription.parse({ ...plain, ...change });
const message = {
  id: "0199f0c2-7b7e-7000-8000-0123456789ab",
  msisdn: "84912345678",
  sender: "ACME",
  text: "Xin chào 😀",
  encoding: "ucs2" as const,
  parts: 2,
  trafficClass: "otp" as const,
  validUntil: new Date(90_500),
};
const values = messageValues(message, 0);

describe("templates", () => {
  const nasty = fc.string({ unit: "binary", maxLength: 60 });

  it("carry any text in JSON, and nothing but the text", () => {
    fc.assert(
      fc.property(nasty, nasty, (text, from) => {
        const body = render(
          '{"a":"x{text}y","b":{from},"n":{parts},"u\\"{from}":1}',
          { text, from, parts: "3" },
          "json",
        );
        const whole = { a: `x${wellFormed(text)}y`, b: wellFormed(from), n: 3 };
        expect(JSON.parse(body)).toMatchObject(whole);
      }),
    );
  });

  it("carry any text in forms, queries and paths", () => {
    fc.assert(
      fc.property(nasty, nasty, (text, from) => {
        const form = new URLSearchParams(render("a={text}&b={from}", { text, from }, "form"));
        expect([...form]).toEqual([
          ["a", wellFormed(text)],
          ["b", wellFormed(from)],
        ]);
        const url = new URL(renderUrl("http://h.example/x/{from}/y?a={text}&b=1", { text, from }));
        expect(url.host).toBe("h.example");
        expect(url.pathname.split("/")).toHaveLength(4);
        expect(url.searchParams.get("a")).toBe(wellFormed(text));
        expect([...url.searchParams.keys()]).toEqual(["a", "b"]);
      }),
    );
  });

  it("carry any text that XML can hold, in texts and attributes", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const body = render('<m a="{text}"><t>{text}</t><end/></m>', { text }, "xml");
        const reader = new BodyReader({ contentType: "text/xml", headers: {}, bytes: new TextEncoder().encode(body) });
        expect(reader.read({ from: "xml", path: "m/missing" })).toBeNull();
        expect(isXmlTemplate(body.replaceAll(/\{[a-z_]+\}/g, "x"))).toBe(true);
        expect(body.match(/<end\/>/g)).toHaveLength(1);
      }),
    );
  });

  it("begin no line of their own in headers and plain text", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(render("{text}", { text }, "header")).toMatch(/^[\x20-\x7e]*$/);
        expect(render("{text}", { text }, "text")).not.toMatch(/[\r\n\u2028\u2029]/);
      }),
    );
  });

  it("lead nowhere else by dots in the path", () => {
    const url = new URL(renderUrl("http://h.example/a/{text}/b", { text: ".." }));
    expect(url.pathname.startsWith("/a/")).toBe(true);
  });
});

describe("a description", () => {
  const issuesOf = (change: Partial<HttpDescriptionInput>) =>
    httpDescription.safeParse({ ...plain, ...change }).error?.issues.map((issue) => issue.path.join(".")) ?? [];

  it.each<[string, Partial<HttpDescriptionInput>]>([
    ["url", { url: "https://{to}.example/" }],
    ["url", { url: "https://user:pass@partner.example/" }],
    ["url", { url: "ftp://partner.example/" }],
    ["url", { url: "https://partner.example/?x={tet}" }],
    ["body", { body: '{"to":"{to}' }],
    ["body", { body: '{"to":"{nobody}"}' }],
    ["bodyKind", { method: "GET" }],
    ["headers.0.name", { headers: [{ name: "Content-Length", value: "1" }] }],
    ["headers.0.value", { headers: [{ name: "X-A", value: "a\r\nb" }] }],
    ["auth.user", { auth: { kind: "basic" } }],
    ["auth.name", { auth: { kind: "query" } }],
    ["auth.tokenUrl", { auth: { kind: "oauth", user: "me" } }],
    ["answer.statuses", { answer: { statuses: "all" } }],
    ["answer.id.path", { answer: {}, receipts: { kind: "callback", id: place("/id"), status: place("/st") } }],
    ["receipts.status.path", { receipts: { kind: "callback", id: place("/id") } }],
    ["receipts.url", { receipts: { kind: "poll", method: "GET", url: "http://h/{to}", status: place("/st") } }],
  ])("is refused for its %s", (path, change) => {
    expect(issuesOf(change)).toContain(path);
  });

  it("makes the request with every kind of authentication, and shows none of its secret", () => {
    const secret = "p@ss wörd\"&<'";
    const build = (auth: HttpDescriptionInput["auth"]) => {
      const description = parsed({ auth, url: "https://partner.example/send?k={secret}" });
      return buildRequest(description, description.auth, values, { secret, token: "t0k" });
    };
    const basic = build({ kind: "basic", user: "me" }).headers.authorization ?? "";
    expect(Buffer.from(basic.slice(6), "base64").toString()).toBe(`me:${secret}`);
    expect(build({ kind: "oauth", user: "me", tokenUrl: "https://partner.example/t" }).headers.authorization).toBe(
      "Bearer t0k",
    );
    expect(build({ kind: "header", name: "X-Key" }).headers["x-key"]).toBe(secret);
    const { url, body } = build({ kind: "query", name: "key" });
    expect(new URL(url).searchParams.get("key")).toBe(secret);
    expect(JSON.parse(body ?? "")).toEqual({ to: "84912345678", from: "ACME", text: "Xin chào 😀", parts: 2 });
    const shown = secretMasker([secret, `me:${secret}`])(`${url} ${basic} ${secret}`);
    expect(shown).not.toMatch(/p%40ss|p@ss|bWU6/);
  });

  it("knows the values of a message", () => {
    expect(values).toMatchObject({
      unicode: "1",
      data_coding: "8",
      validity: "1",
      validity_seconds: "90",
      class: "otp",
    });
    expect(values.valid_until).toBe("1970-01-01T00:01:30Z");
    expect(values.text_hex).toBe("00580069006E00200063006800E0006F0020D83DDE00");
  });

  it("tells XML bodies with a placeholder in the structure from those without", () => {
    expect(isXmlTemplate('<?xml version="1.0"?><m to="{to}"><t>{text}</t></m>')).toBe(true);
    for (const bad of [
      "<m><{text}/></m>",
      "<m {text}='1'/>",
      "<!DOCTYPE m><m>{text}</m>",
      "<m><!-- {text} --></m>",
      "<m>",
    ]) {
      expect(isXmlTemplate(bad), bad).toBe(false);
    }
  });
});

const place = (path: string, from: "json" | "xml" | "pattern" | "field" | "header" = "json") => ({ from, path });
const bytes = (text: string, charset: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, charset));

describe("answers", () => {
  const errors = new ErrorTable([
    { kind: "submit", code: "E42", verdict: "failover", reason: "blocked" },
    { kind: "submit", code: "HTTP_500", verdict: "retry_later", reason: null },
  ]);
  const strict = parsed({
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
    const { receipts } = parsed({
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
