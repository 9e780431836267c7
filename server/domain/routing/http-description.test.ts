/** Templates and descriptions of HTTP partners: every value escaped for its place, nothing saved that cannot work. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyReader, isXmlTemplate } from "#server/domain/routing/http-body.ts";
import { type HttpDescriptionInput, httpDescription } from "#server/domain/routing/http-description.ts";
import { buildRequest, messageValues, secretMasker } from "#server/domain/routing/http-request.ts";
import { render, renderUrl } from "#server/domain/routing/http-template.ts";

const plain: HttpDescriptionInput = {
  method: "POST",
  url: "https://partner.example/send",
  bodyKind: "json",
  body: '{"to":"{to}","from":"{from}","text":"{text}","parts":{parts}}',
  auth: { kind: "bearer" },
  answer: { id: { from: "json", path: "/id" } },
  receipts: { kind: "none" },
};
const place = (path: string, from: "json" | "xml" | "pattern" | "field" | "header" = "json") => ({ from, path });
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
