/** /api/send over real HTTP on real Postgres: fields, charsets, keys in every place, lines, refusals, repeats. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { connect } from "#db/client.ts";
import { newId } from "#server/kernel/id.ts";
import { log, makeLog } from "#server/kernel/log.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

let tree: SendingTree;
let key: string;
beforeAll(async () => {
  tree = await makeSendingTree(db);
  key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
});

type Reply = { status: number; headers: Headers; text: string; lines: string[][] };

async function ask(path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(`${address}${path}`, init);
  const text = await response.text();
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(text.endsWith("\n")).toBe(true);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
  return { status: response.status, headers: response.headers, text, lines };
}

const fields = (over: Record<string, string> = {}): Record<string, string> => ({
  key,
  sender: "ACME",
  to: nextNumber(),
  text: "Xin chào",
  ...over,
});
const query = (given: Record<string, string>) => `/api/send?${new URLSearchParams(given)}`;
const get = (over?: Record<string, string>) => ask(query(fields(over)));
const form = (body: BodyInit, type = "application/x-www-form-urlencoded", headers = {}) =>
  ask("/api/send", { method: "POST", headers: { "content-type": type, ...headers }, body });
const post = (over?: Record<string, string>) => form(`${new URLSearchParams(fields(over))}`);
const without = (name: string, given: Record<string, string> = fields()) =>
  Object.fromEntries(Object.entries(given).filter(([field]) => field !== name));

const countMessages = async () => Number((await db.sql`select count(*)::int as n from messages`)[0]?.n);
const stored = async (id = "") =>
  (
    await db.sql`select text, sender, reference, traffic_class, source, tenant_id, valid_until - created_at as waits
    from messages where id = ${id}`
  )[0];

describe("sending", () => {
  it("takes one message by query and by form, and answers a line", async () => {
    for (const send of [get, post]) {
      const to = nextNumber();
      const { status, lines } = await send({ to, class: "otp", reference: "r-7", validity: "5", receipt: "0" });
      expect([status, lines]).toEqual([202, [["queued", to, expect.stringMatching(/^[0-9a-f-]{36}$/), "1"]]]);
      expect(await stored(lines[0]?.[2])).toMatchObject({
        text: "Xin chào",
        reference: "r-7",
        traffic_class: "otp",
        source: "http",
        tenant_id: tree.subaccount.id,
      });
    }
  });

  it("knows the names that other gateways use, and leaves out what is empty", async () => {
    const given = {
      username: "anybody",
      password: key,
      from: "ACME",
      dlr: "1",
      reference: "",
      validity: "",
      unicode: "1",
    };
    const { status, lines } = await ask(query({ ...given, to: nextNumber(), text: "Hello" }));
    expect([status, lines[0]?.[0]]).toEqual([202, "queued"]);
    expect(await stored(lines[0]?.[2])).toMatchObject({ sender: "ACME", reference: null });
  });

  it("sends to several, in their order, and says of each what became of it", async () => {
    const [a, b] = [nextNumber(), nextNumber()];
    const { status, lines } = await get({ to: `+${a}, 123,${b},` });
    expect(status).toBe(202);
    expect(lines.map((line) => line.slice(0, 2))).toEqual([
      ["queued", a],
      ["refused", "123"],
      ["queued", b],
    ]);
    expect(lines[1]?.[2]).toBe("invalid_number");
  });

  it("answers 422 when nobody is left, and nothing that a recipient is can look like a line", async () => {
    const { status, lines } = await get({ to: "1 2\nqueued 84912345678 x 1" });
    expect([status, lines.length, lines[0]?.slice(0, 3)]).toEqual([
      422,
      1,
      ["refused", "1?2?queued?84912345678?x?1", "invalid_number"],
    ]);
    expect((await get({ sender: "NOBODY" })).lines[0]?.[2]).toBe("sender_not_approved");
    expect((await get({ text: "" })).lines[0]?.[2]).toBe("empty_text");
    expect((await get({ text: "a\0b" })).lines[0]?.[2]).toBe("invalid_text");
    expect((await get({ text: "x".repeat(2_000) })).lines[0]?.[2]).toBe("text_too_long");
  });

  it("prices a dry run and writes nothing", async () => {
    const before = await countMessages();
    const { status, lines } = await get({ dry_run: "1" });
    expect([status, lines[0]?.length, lines[0]?.[5]]).toEqual([202, 6, "VND"]);
    expect(Number(lines[0]?.[4])).toBeGreaterThan(0);
    expect(await countMessages()).toBe(before);
  });

  it("answers a repeat as the first time, whichever way it names itself, and sends once", async () => {
    const named = fields({ idempotency_key: newId() });
    const before = await countMessages();
    const first = await ask(query(named));
    expect((await ask(query(named))).text).toBe(first.text);
    // The header goes before the field; the key and the method are no part of what is asked.
    const headers = { "idempotency-key": named.idempotency_key ?? "", authorization: `Bearer ${key}` };
    const rest = without("idempotency_key", without("key", named));
    expect((await form(`${new URLSearchParams(rest)}`, undefined, headers)).text).toBe(first.text);
    expect(await countMessages()).toBe(before + 1);
    const other = await ask(query({ ...named, text: "Another" }));
    expect([other.status, other.lines[0]?.slice(0, 2)]).toEqual([409, ["error", "idempotency_mismatch"]]);
  });

  it("does not send for HEAD", async () => {
    const before = await countMessages();
    expect((await fetch(`${address}${query(fields())}`, { method: "HEAD" })).status).toBe(405);
    expect(await countMessages()).toBe(before);
    const wrong = await ask("/api/send", { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow"), wrong.lines[0]?.[1]]).toEqual([
      405,
      "GET, POST",
      "method_not_allowed",
    ]);
  });
});

describe("charsets", () => {
  const escaped = (bytes: Buffer) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const raw = (text: string, more: string) =>
    ask(`/api/send?key=${key}&sender=ACME&to=${nextNumber()}&text=${text}${more}`);

  it.each([
    ["Привет", Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), "windows-1251"],
    ["Привет", Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]), "koi8-r"],
    ["Größe", Buffer.from("Größe", "latin1"), "ISO-8859-1"],
    ["10 €", Buffer.from([0x31, 0x30, 0x20, 0x80]), "windows-1252"],
    ["Xin chào 👋", Buffer.from("Xin chào 👋", "utf16le").swap16(), "utf-16be"],
    ["Xin chào 👋", Buffer.from("Xin chào 👋"), "utf-8"],
  ])("reads %s", async (text, bytes, charset) => {
    const { status, lines } = await raw(escaped(bytes), `&charset=${charset}`);
    expect([status, (await stored(lines[0]?.[2]))?.text]).toEqual([202, text]);
  });

  it("reads a form's charset, bytes that were not escaped, and text in hex", async () => {
    const start = `key=${key}&sender=ACME&to=${nextNumber()}&text=`;
    const cyrillic = Buffer.concat([Buffer.from(start), Buffer.from([0xcf, 0xf0, 0xe8])]);
    const named = await form(cyrillic, "application/x-www-form-urlencoded; charset=windows-1251");
    expect((await stored(named.lines[0]?.[2]))?.text).toBe("При");
    const bare = await form(Buffer.from(`${start}Xin chào + 1%2B1`));
    expect((await stored(bare.lines[0]?.[2]))?.text).toBe("Xin chào   1+1");
    const hex = await ask(query({ ...without("text"), hex: "041F04400438D83DDC4B" }));
    expect((await stored(hex.lines[0]?.[2]))?.text).toBe("При👋");
  });

  it.each([
    ["bytes that are no UTF-8", "%ff%fe", "", 400, "malformed_form"],
    ["a cut character", "a%c3", "", 400, "malformed_form"],
    ["a byte that the charset does not have", "%98", "&charset=windows-1251", 400, "malformed_form"],
    ["half a unit", "%04", "&charset=utf-16be", 400, "malformed_form"],
    ["half a pair", "%d8%3d", "&charset=utf-16be", 400, "malformed_form"],
    ["a charset that is not read", "a", "&charset=utf-7", 400, "invalid_input"],
    ["a bad escape", "100%", "", 400, "malformed_form"],
    ["characters outside GSM-7 where they were not wanted", "%e1%ba%a1", "&coding=gsm7", 400, "not_gsm7"],
    ["the same, in the words of others", "%e1%ba%a1", "&unicode=0", 400, "not_gsm7"],
  ])("refuses %s instead of sending something else", async (_, text, more, status, code) => {
    const before = await countMessages();
    const reply = await raw(text, more);
    expect([reply.status, reply.lines[0]?.slice(0, 2)]).toEqual([status, ["error", code]]);
    expect(await countMessages()).toBe(before);
  });
});

describe("refusals", () => {
  it.each<[string, () => Promise<Reply>, number, string]>([
    ["no key", () => ask(query(without("key"))), 401, "missing_key"],
    ["no key in a form", () => form(`${new URLSearchParams(without("key"))}`), 401, "missing_key"],
    ["an unknown key", () => get({ key: "unknown" }), 401, "invalid_key"],
    ["an unknown key in a form", () => post({ key: "unknown" }), 401, "invalid_key"],
    ["a field that is not known", () => get({ colour: "red" }), 400, "invalid_input"],
    [
      "a field in both places",
      () => ask("/api/send?to=1", { method: "POST", body: new URLSearchParams(fields()) }),
      400,
      "invalid_input",
    ],
    ["a field under two names", () => get({ from: "ACME" }), 400, "invalid_input"],
    ["a field twice", () => ask(`${query(fields())}&to=1`), 400, "invalid_input"],
    ["no text", () => ask(query(without("text"))), 400, "invalid_input"],
    ["text and hex", () => get({ hex: "0041" }), 400, "invalid_input"],
    ["no sender", () => ask(query(without("sender"))), 400, "invalid_input"],
    ["a validity in words", () => get({ validity: "soon" }), 400, "invalid_input"],
    ["a class that is not known", () => get({ class: "flash" }), 400, "invalid_input"],
    ["a field that every object has", () => get({ constructor: "x" }), 400, "invalid_input"],
    ["another that every object has", () => get({ ["__proto__"]: "x" }), 400, "invalid_input"],
    [
      "a charset that every object has",
      () => form("a=b", "application/x-www-form-urlencoded; charset=constructor"),
      415,
      "unsupported_media_type",
    ],
    [
      "fifty fields",
      () => ask(`/api/send?${Array.from({ length: 50 }, (_, i) => `f${i}=1`).join("&")}`),
      400,
      "malformed_form",
    ],
    [
      "10,001 recipients",
      () => post({ to: Array.from({ length: 10_001 }, () => "84912345678").join(",") }),
      400,
      "invalid_input",
    ],
    ["a body over the limit", () => post({ text: "x".repeat(600_000) }), 413, "body_too_large"],
    ["JSON", () => form("{}", "application/json", { authorization: `Bearer ${key}` }), 415, "unsupported_media_type"],
    ["parts", () => form("--x--", "multipart/form-data; boundary=x"), 415, "unsupported_media_type"],
    [
      "another charset of a form",
      () => form("a=b", "application/x-www-form-urlencoded; charset=utf-7"),
      415,
      "unsupported_media_type",
    ],
    ["a compressed body", () => form("a=b", undefined, { "content-encoding": "gzip" }), 415, "unsupported_media_type"],
    ["a long Idempotency-Key", () => get({ idempotency_key: "k".repeat(256) }), 400, "invalid_idempotency_key"],
  ])("answers %s with one line", async (_, act, status, code) => {
    const reply = await act();
    expect([reply.status, reply.lines.length, reply.lines[0]?.slice(0, 2)]).toEqual([status, 1, ["error", code]]);
    expect(reply.headers.get("request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("takes the key as Bearer, as a Basic password, in the query and in the form", async () => {
    const given = without("key");
    for (const authorization of [`Bearer ${key}`, `Basic ${Buffer.from(`shop:${key}`).toString("base64")}`]) {
      expect((await ask(query(given), { headers: { authorization } })).status).toBe(202);
      expect((await form(`${new URLSearchParams(given)}`, undefined, { authorization })).status).toBe(202);
    }
    const mixed = await ask(`/api/send?key=${key}`, { method: "POST", body: new URLSearchParams(given) });
    expect(mixed.status).toBe(202);
  });

  it("refuses a key without the scope, and one from another address", async () => {
    const reader = await makeKey(db, tree.subaccount.id, ["orders.read"]);
    expect((await get({ key: reader })).lines[0]?.slice(0, 2)).toEqual(["error", "forbidden"]);
    const elsewhere = await makeKey(db, tree.subaccount.id, ["messages.send"], ["192.0.2.0/24"]);
    const reply = await get({ key: elsewhere });
    expect([reply.status, reply.lines[0]?.[1]]).toEqual([403, "ip_not_allowed"]);
  });

  it("writes no key into the log, not even when it fails", async () => {
    const written: string[] = [];
    const copy = makeLog("trace", { write: (line) => void written.push(line) });
    for (const level of ["error", "warn"] as const) vi.spyOn(log, level).mockImplementation(copy[level].bind(copy));
    onTestFinished(() => void vi.restoreAllMocks());
    // A database without tables.
    const url = Object.assign(new URL(db.url), { pathname: "/postgres" }).href;
    const empty = connect({ url, poolSize: 1, name: "empty" });
    const lost = await openGateway(empty);
    const response = await fetch(`${lost.address}${query(fields())}`);
    expect([response.status, (await response.text()).split(" ")[1]]).toEqual([500, "internal"]);
    await lost.close();
    await empty.close();
    expect(written.filter((line) => line.includes("request failed"))).toHaveLength(1);
    expect(written.filter((line) => line.includes(key))).toEqual([]);
  });

  it("says 503 and when to come back while the database is away", async () => {
    const lonely = await openGateway(null);
    const response = await fetch(`${lonely.address}${query(fields())}`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await response.text()).toMatch(/^error unavailable /);
    await lonely.close();
  });
});
