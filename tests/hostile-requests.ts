/** HTTP requests that no client should send, to every door of the API: the same ones for the same seed. */
import { gzipSync } from "node:zlib";
import { hostileForm, hostileJson, hostileXml, type Random } from "#tests/hostile-bodies.ts";

export type Hostile = {
  what: string;
  bytes: Buffer;
  /**
   * "answer": read until the other side closes; "end": say that nothing more comes; "open": keep the connection and say
   * nothing, as slow senders do.
   */
  after: "answer" | "end" | "open";
};

type Door = { target: string; type: string; valid(random: Random): Buffer; hostile(random: Random): [string, Buffer] };
type Headers = [name: string, value: string][];

const number = (random: Random): string => `8490${1_000_000 + random(8_999_999)}`;
const fields = (random: Random): string => `sender=ACME&to=${number(random)}&text=Hello+${random(1_000)}`;

const doors: Door[] = [
  {
    target: "/api/v1/messages",
    type: "application/json",
    valid: (random) => Buffer.from(JSON.stringify({ sender: "ACME", to: number(random), text: "Hello" })),
    hostile: hostileJson,
  },
  {
    target: "/api/send",
    type: "application/x-www-form-urlencoded",
    valid: (random) => Buffer.from(fields(random)),
    hostile: hostileForm,
  },
  {
    target: "/api/xml",
    type: "application/xml",
    valid: (random) =>
      Buffer.from(`<send><message><sender>ACME</sender><to>${number(random)}</to><text>Hello</text></message></send>`),
    hostile: hostileXml,
  },
];

const pick = <T>(random: Random, all: readonly T[]): T => all[random(all.length)] as T;

function request(target: string, headers: Headers, body: Buffer, method = "POST"): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, "latin1"), body]);
}

/** What an honest request of the door has, but for what is replaced; null takes a header away. */
function headersOf(door: Door, key: string, body: Buffer, over: Record<string, string | null> = {}): Headers {
  const usual: Record<string, string | null> = {
    host: "127.0.0.1",
    authorization: `Bearer ${key}`,
    "content-type": door.type,
    "content-length": `${body.length}`,
    connection: "close",
    ...over,
  };
  return Object.entries(usual).flatMap(([name, value]): Headers => (value === null ? [] : [[name, value]]));
}

const types = [
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/octet-stream",
  "application/json; charset=utf-16",
  "application/xml; charset=utf-7",
  "application/x-www-form-urlencoded; charset=ebcdic",
  "application/json, application/xml",
  "application/x-www-form-urlencoded; charset=constructor",
  "application/xml; charset=__proto__",
  "application/x-www-form-urlencoded; charset=__proto__",
  ";;;",
  "/",
  "a".repeat(5_000),
  'application/json; charset="utf-8',
];

/** A kind of request: its name, its bytes, what the client does after them. */
type Kind = (random: Random, door: Door, key: string) => Omit<Hostile, "what"> & { what?: string };

const broken: Record<string, Kind> = {
  "a hostile body": (random, door, key) => {
    const [what, body] = door.hostile(random);
    return { what, bytes: request(door.target, headersOf(door, key, body), body), after: "answer" };
  },
  "flipped bytes": (random, door, key) => {
    const body = door.valid(random);
    const bytes = request(door.target, headersOf(door, key, body), body);
    for (let n = random(6); n >= 0; n -= 1) bytes[random(bytes.length)] = random(256);
    return { bytes, after: "end" };
  },
  "a truncated body": (random, door, key) => {
    const body = door.valid(random);
    const cut = body.subarray(0, random(body.length));
    return { bytes: request(door.target, headersOf(door, key, cut), cut), after: "answer" };
  },
  "less than announced": (random, door, key) => {
    const body = door.valid(random);
    const over = { "content-length": `${body.length + 1 + random(100_000)}` };
    return {
      bytes: request(door.target, headersOf(door, key, body, over), body),
      after: pick(random, ["end", "open"]),
    };
  },
  "more than announced": (random, door, key) => {
    const body = door.valid(random);
    const over = { "content-length": `${random(body.length)}`, connection: "keep-alive" };
    return { bytes: request(door.target, headersOf(door, key, body, over), body), after: "end" };
  },
  "a length that is none": (random, door, key) => {
    const length = pick(random, ["-1", "1e3", "0x10", "99999999999999999999", "", "5, 5", "５"]);
    const body = door.valid(random);
    return {
      bytes: request(door.target, headersOf(door, key, body, { "content-length": length }), body),
      after: "end",
    };
  },
  "a body over every limit, announced": (_, door, key) => {
    const over = { "content-length": "999999999999" };
    return {
      bytes: request(door.target, headersOf(door, key, Buffer.alloc(0), over), Buffer.alloc(65_536, "a")),
      after: "end",
    };
  },
  "chunks that lie": (random, door, key) => {
    const body = door.valid(random);
    const size = body.length.toString(16);
    const chunks = pick(random, [
      `zz\r\n${body}\r\n0\r\n\r\n`,
      `ffffffffffffffffff\r\n${body}`,
      `-5\r\n${body}\r\n0\r\n\r\n`,
      `${(body.length + 50).toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      `${size};${"x".repeat(20_000)}\r\n${body}\r\n0\r\n\r\n`,
      `${size}\r\n${body}\r\n`,
      `${size}\n${body}\n0\n\n`,
      `${"1\r\na\r\n".repeat(5_000)}0\r\n\r\n`,
      `${size}\r\n${body}\r\n0\r\nx-trailer: ${"y".repeat(30_000)}\r\n\r\n`,
    ]);
    const over = { "content-length": null, "transfer-encoding": "chunked" };
    return { bytes: request(door.target, headersOf(door, key, body, over), Buffer.from(chunks)), after: "end" };
  },
  "two lengths": (random, door, key) => {
    const body = door.valid(random);
    const second = pick<[string, string]>(random, [
      ["transfer-encoding", "chunked"],
      ["content-length", "1"],
      ["transfer-encoding", "gzip, chunked"],
      ["transfer-encoding", "identity"],
    ]);
    return { bytes: request(door.target, [...headersOf(door, key, body), second], body), after: "end" };
  },
  "a slow body": (random, door, key) => {
    const body = door.valid(random);
    const bytes = request(door.target, headersOf(door, key, body), body);
    return { bytes: bytes.subarray(0, bytes.length - 1 - random(body.length - 1)), after: "open" };
  },
  "slow headers": (random, door, key) => {
    const body = door.valid(random);
    return {
      bytes: request(door.target, headersOf(door, key, body), body).subarray(0, 10 + random(80)),
      after: "open",
    };
  },
  "another type": (random, door, key) => {
    const body = door.valid(random);
    const type = pick(random, [...types, null]);
    return { bytes: request(door.target, headersOf(door, key, body, { "content-type": type }), body), after: "answer" };
  },
  "a compressed bomb": (random, door, key) => {
    const body = bomb;
    const encoding = pick(random, ["gzip", "deflate", "br", "gzip, gzip", "identity, gzip"]);
    return {
      bytes: request(door.target, headersOf(door, key, body, { "content-encoding": encoding }), body),
      after: "answer",
    };
  },
  "odd headers": (random, door, key) => {
    const body = door.valid(random);
    const odd = pick<[string, string]>(random, [
      ["x-big", "a".repeat(40_000)],
      ["idempotency-key", "k".repeat(300)],
      ["idempotency-key", "\xff\xfe"],
      ["expect", "100-continue"],
      ["expect", "the-impossible"],
      ["upgrade", "h2c"],
      ["bad name", "x"],
      ["x-null", "a\0b"],
      ["x-forwarded-host", "evil.example"],
      ["host", "another.example"],
      ["accept-encoding", "gzip;q=NaN"],
    ]);
    return { bytes: request(door.target, [...headersOf(door, key, body), odd], body), after: "end" };
  },
  "another key": (random, door) => {
    const body = door.valid(random);
    const key = pick(random, ["", "x", "\xff\xff", "a".repeat(8_000), "' or 1=1 --", "a b c"]);
    return { bytes: request(door.target, headersOf(door, key, body), body), after: "end" };
  },
  "another method or version": (random, door, key) => {
    const body = door.valid(random);
    const method = pick(random, [
      "PUT",
      "PATCH",
      "DELETE",
      "OPTIONS",
      "TRACE",
      "PROPFIND",
      "HEAD",
      "CONNECT",
      "GETT",
      "",
      "get",
    ]);
    return { bytes: request(door.target, headersOf(door, key, body), body, method), after: "end" };
  },
  "an odd address": (random, door, key) => {
    const body = door.valid(random);
    const target = pick(random, [
      `${door.target}/%`,
      `${door.target}?%`,
      `${door.target}?${"a=1&".repeat(3_000)}`,
      `${door.target}?__proto__[x]=1&constructor=2&dry_run=%00`,
      `${door.target}?\xff\xfe=\x80`,
      `${door.target}/../${"../".repeat(500)}`,
      `http://evil.example${door.target}`,
      `//evil.example${door.target}`,
      `/t/${"0".repeat(36)}${door.target}`,
      `/t/../t${door.target}`,
      `/t/00000000-0000-0000-0000-000000000000${door.target}?dry_run=2`,
      "*",
    ]);
    return { bytes: request(target, headersOf(door, key, body), body), after: "end" };
  },
  "a hostile query": (random, _, key) => {
    const [what, body] = hostileForm(random);
    const [sendByQuery] = [doors[1] as Door];
    const query = body
      .subarray(0, 14_000)
      .toString("latin1")
      .replace(/[\r\n \0]/g, "+");
    const headers = headersOf(sendByQuery, key, body, { "content-type": null, "content-length": null });
    return {
      what: `in the query: ${what}`,
      bytes: request(`/api/send?${query}`, headers, Buffer.alloc(0), "GET"),
      after: "end",
    };
  },
  "many requests in one": (random, door, key) => {
    const body = door.valid(random);
    const one = request(door.target, headersOf(door, key, body, { connection: "keep-alive" }), body.subarray(0, -1));
    return { bytes: Buffer.concat(Array.from({ length: 10 }, () => one)), after: "end" };
  },
  "no HTTP": (random) => {
    const bytes = Buffer.from(Array.from({ length: 1 + random(500) }, () => random(256)));
    return { bytes, after: "end" };
  },
};

/** 20 MB of nothing in 20 kB. */
const bomb = gzipSync(Buffer.alloc(20_000_000));

/** Numerical Recipes' generator, of which the high bits are good. */
export function generator(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Half of them break the body, half something else. */
export function hostileRequest(random: Random, key: string): Hostile {
  const names = Object.keys(broken);
  const name = random(2) === 0 ? "a hostile body" : pick(random, names);
  const made = broken[name]?.(random, pick(random, doors), key);
  if (!made) throw new Error(`There is no ${name}.`);
  return { ...made, what: made.what ?? name };
}
