/** The guard for addresses that people type in: every spelling of a private place, names that lead there, redirects. */
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { checkDestination, checkSavedPlace, dialOutside, type Resolve } from "#server/kernel/outbound.ts";
import { isAllowedPrivate, isPrivateAddress, literalAddress } from "#server/kernel/outbound-address.ts";
import { fetchOutside } from "#server/kernel/outbound-fetch.ts";

const reached: string[] = [];
const http = createServer((request, response) => {
  reached.push(`${request.method} ${request.headers.host}${request.url} ${request.headers.authorization ?? ""}`.trim());
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
  if (pathname === "/to") response.writeHead(302, { location: searchParams.get("url") ?? "/" }).end("moved");
  else if (pathname === "/large") response.end(Buffer.alloc(5_000));
  else if (pathname === "/silent") response.flushHeaders();
  else response.end("hello");
}).listen(0, "127.0.0.1");
await new Promise((ready) => http.once("listening", ready));
const { port } = http.address() as AddressInfo;
afterAll(() => {
  http.closeAllConnections();
  http.close();
});

const guard = { allowed: [`127.0.0.1:${port}`] };
const strict = { allowed: [] };
const named =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const refused = { kind: "invalid_input", code: "host_not_allowed" };

const privateHosts = [
  ...["127.0.0.1", "127.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1"],
  ...["0.0.0.0", "0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "2852039166"],
  ...["100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
  ...["::", "::1", "[::1]", "0:0:0:0:0:0:0:1", "fe80::1", "fe80::1%lo", "fc00::1", "fd00:ec2::254", "ff02::1"],
  ...["::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1"],
  ...["64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "100::1", "localhost", "LOCALHOST"],
];
const publicHosts = ["1.1.1.1", "203.0.112.7", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "[2a00:1450::1]"];

describe("addresses", () => {
  it.each(privateHosts)("%s is private in every notation", async (host) => {
    await expect(checkDestination({ host, port: 2775 }, strict)).rejects.toMatchObject(refused);
    await expect(checkSavedPlace({ host, port: 2775 }, strict)).rejects.toMatchObject(refused);
    await expect(dialOutside({ host, port, tls: false, timeoutMs: 2_000 }, strict)).rejects.toMatchObject(refused);
  });

  it.each(publicHosts)("%s is public", async (host) => {
    const to = await checkDestination({ host, port: 2775 }, strict);
    expect(to.addresses.map(({ address }) => address)).toEqual([literalAddress(host)]);
    expect(isPrivateAddress(host)).toBe(false);
  });

  it("are private when they are none", () => {
    for (const text of ["", "example.org", "1.2.3", "::ffff:1.2.3.4.5"]) expect(isPrivateAddress(text)).toBe(true);
    expect(literalAddress("example.org")).toBeNull();
  });

  it("are allowed by name, address or range, with a port only at that port", () => {
    const at = (host: string, address: string, atPort = 2776) => ({ host, address, port: atPort });
    const allows = (entry: string, place: ReturnType<typeof at>) => isAllowedPrivate([entry], place);
    expect(allows("127.0.0.1:2776", at("127.0.0.1", "127.0.0.1"))).toBe(true);
    expect(allows("127.0.0.1:2776", at("127.0.0.1", "127.0.0.1", 5432))).toBe(false);
    expect(allows("127.0.0.1:2776", at("evil.example", "127.0.0.2"))).toBe(false);
    expect(allows("10.0.0.0/8", at("smsc.example", "10.9.8.7", 1))).toBe(true);
    expect(allows("10.0.0.0/8", at("smsc.example", "::ffff:10.9.8.7"))).toBe(true);
    expect(allows("10.0.0.0/8", at("smsc.example", "11.0.0.1"))).toBe(false);
    expect(allows("smsc.lan", at("SMSC.lan", "192.168.0.9"))).toBe(true);
    expect(allows("smsc.lan:2775", at("smsc.lan", "192.168.0.9"))).toBe(false);
    expect(allows("[fd00::1]:2776", at("fd00::1", "fd00::1"))).toBe(true);
    expect(allows("fd00::/8", at("smsc.lan", "fd12::1"))).toBe(true);
    expect(allows("nonsense/99", at("smsc.lan", "10.0.0.1"))).toBe(false);
  });
});

describe("names", () => {
  it("that lead to a private address are refused, and of a mixed answer only the public part is kept", async () => {
    const place = { host: "innocent.example", port: 443 };
    for (const address of ["127.0.0.1", "10.0.0.5", "::1", "::ffff:169.254.169.254", "100.64.1.1"]) {
      await expect(checkDestination(place, { ...strict, resolve: named(address) })).rejects.toMatchObject(refused);
    }
    const mixed = await checkDestination(place, { ...strict, resolve: named("10.0.0.5", "1.1.1.1", "::1") });
    expect(mixed.addresses).toEqual([{ address: "1.1.1.1", family: 4 }]);
  });

  it("that are not known are let through when saved, not when dialled", async () => {
    const unknown = { ...strict, resolve: () => Promise.reject(new Error("ENOTFOUND")) };
    const place = { host: "later.example", port: 2775 };
    await checkSavedPlace(place, unknown);
    await expect(checkDestination(place, unknown)).rejects.toMatchObject({ code: "host_not_found" });
  });

  it("are asked once: the answer that was checked is the one that is dialled", async () => {
    let asked = 0;
    // The second answer would be the attack: nothing may ask for it.
    const rebinding: Resolve = async () => [{ address: asked++ === 0 ? "127.0.0.1" : "127.0.0.9", family: 4 }];
    const place = { host: "rebinding.example", port, tls: false, timeoutMs: 2_000 };
    const socket = await dialOutside(place, { ...guard, resolve: rebinding });
    expect(socket.remoteAddress).toBe("127.0.0.1");
    expect(asked).toBe(1);
    socket.destroy();
  });
});

describe("dialling", () => {
  it("gives up in time on a peer that says nothing, and says why", async () => {
    const silent = createTcpServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((ready) => silent.once("listening", ready));
    const at = { host: "127.0.0.1", port: (silent.address() as AddressInfo).port, tls: true, timeoutMs: 100 };
    await expect(dialOutside(at, { allowed: ["127.0.0.0/8"] })).rejects.toThrow("no connection in time");
    silent.close();
    await expect(dialOutside({ ...at, tls: false }, { allowed: ["127.0.0.0/8"] })).rejects.toThrow("ECONNREFUSED");
  });
});

describe("fetching", () => {
  const base = `http://127.0.0.1:${port}`;

  it("answers with status, headers and body", async () => {
    const answer = await fetchOutside(`${base}/x`, { method: "POST", body: "{}" }, guard);
    expect([answer.status, answer.body.toString(), answer.url]).toEqual([200, "hello", `${base}/x`]);
    const viaName = await fetchOutside(`http://shop.example:${port}/`, {}, { ...guard, resolve: named("127.0.0.1") });
    expect(viaName.status).toBe(200);
    expect(reached.at(-1)).toBe(`GET shop.example:${port}/`);
  });

  it("reaches no private place, spelled in whatever way", async () => {
    const before = reached.length;
    for (const host of privateHosts.filter((name) => !name.includes("%"))) {
      const inUrl = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
      await expect(fetchOutside(`http://${inUrl}:${port}/`, {}, strict)).rejects.toMatchObject(refused);
    }
    expect(reached.length).toBe(before);
  });

  it("follows redirects only when asked, and nowhere that is private", async () => {
    const to = (url: string) => `${base}/to?url=${encodeURIComponent(url)}`;
    expect((await fetchOutside(to("/x"), {}, guard)).status).toBe(302);
    expect((await fetchOutside(to("/x"), { maxRedirects: 1 }, guard)).body.toString()).toBe("hello");
    expect((await fetchOutside(to("/x"), { method: "POST", maxRedirects: 1 }, guard)).status).toBe(302);
    for (const url of [
      "http://169.254.169.254/latest",
      "http://[::1]/",
      `http://127.0.0.1:${port + 1}/`,
      "//0x7f.1/",
    ]) {
      await expect(fetchOutside(to(url), { maxRedirects: 3 }, guard)).rejects.toMatchObject(refused);
    }
    await expect(fetchOutside(to("file:///etc/passwd"), { maxRedirects: 1 }, guard)).rejects.toMatchObject({
      code: "url_not_allowed",
    });
  });

  it("keeps credentials for the host they were meant for", async () => {
    const elsewhere = { ...guard, resolve: named("127.0.0.1") };
    const url = `${base}/to?url=${encodeURIComponent(`http://other.example:${port}/y`)}`;
    await fetchOutside(url, { maxRedirects: 1, headers: { Authorization: "Bearer secret" } }, elsewhere);
    expect(reached.slice(-2)).toEqual([expect.stringContaining("Bearer secret"), `GET other.example:${port}/y`]);
  });

  it("is bounded in time and size, and takes no secrets in addresses", async () => {
    await expect(fetchOutside(`${base}/large`, { maxBytes: 4_999 }, guard)).rejects.toMatchObject({
      code: "answer_too_large",
    });
    await expect(fetchOutside(`${base}/silent`, { timeoutMs: 150 }, guard)).rejects.toMatchObject({
      code: "no_answer",
    });
    for (const url of ["ftp://example.org/", "http://user:pw@example.org/", "nonsense"]) {
      await expect(fetchOutside(url, {}, guard)).rejects.toMatchObject({ code: "url_not_allowed" });
    }
  });
});
