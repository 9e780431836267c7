/** The door from the web to the verbs: sessions, API keys, hosts and origins. */
import { encode, type JWT } from "next-auth/jwt";
import { beforeAll, describe, expect, it } from "vitest";
import { contextFromHeaders } from "#server/auth/context.ts";
import { webDatabase } from "#server/auth/database.ts";
import { hostOf, isNeutralHost, isSameOrigin } from "#server/auth/host.ts";
import { answersOn } from "#server/auth/known-host.ts";
import { authOptions } from "#server/auth/options.ts";
import { authSecret } from "#server/auth/session.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";

const db = await testDatabase();
(globalThis as { webDatabase?: unknown }).webDatabase = db;

const password = "ten characters";
const session = async (claim: JWT, secret = authSecret()) =>
  new Headers({ cookie: `other=1; session=${await encode({ token: claim, secret })}` });

describe("a context from a request", () => {
  let tree: Tree;
  const userId = newId();
  beforeAll(async () => {
    tree = await makeTree(db);
    const owner = {
      id: userId,
      tenantId: tree.partner.id,
      email: "o@auth.test",
      name: "O",
      password,
    };
    await createOwner(jobContext({ db, clock: systemClock }, "test", tree.partner.id, newId()), owner);
  });

  it("is the signed-in person's, in their own tenant", async () => {
    const context = await contextFromHeaders(await session({ sub: userId, sid: newId(), sessionVersion: 1 }));
    expect(context).toMatchObject({ tenantId: tree.partner.id, actor: { type: "user", id: userId, role: "owner" } });
    expect(webDatabase()).toBe(db);
  });

  it("is nobody's when the session is older than the last sign-out everywhere, forged, for another scheme, or absent", async () => {
    const claim = { sub: userId, sid: newId(), sessionVersion: 1 };
    const overHttps = await session(claim);
    overHttps.set("x-forwarded-proto", "https");
    expect(await contextFromHeaders(await session({ ...claim, sessionVersion: 0 }))).toBeNull();
    expect(await contextFromHeaders(await session(claim, "another secret of the same length"))).toBeNull();
    expect(await contextFromHeaders(overHttps)).toBeNull();
    expect(await contextFromHeaders(new Headers())).toBeNull();
    expect(await contextFromHeaders(new Headers({ cookie: "session=%E0%A4%A" }))).toBeNull();
    expect(await contextFromHeaders(await session({ sub: userId, sessionVersion: 1 }))).toBeNull();
  });

  it("is the API key's when there is one, whatever the cookie says; a wrong key is refused", async () => {
    const made = await createKey(contextFor(db, tree.sibling.id), {
      id: newId(),
      name: "Shop",
      scopes: ["messages.send"],
    });
    const headers = await session({ sub: userId, sid: newId(), sessionVersion: 1 });
    headers.set("authorization", `Bearer ${made.key}`);
    expect(await contextFromHeaders(headers)).toMatchObject({
      tenantId: tree.sibling.id,
      actor: { type: "apiKey", scopes: ["messages.send"] },
    });
    headers.set("authorization", "Bearer nonsense");
    await expect(contextFromHeaders(headers)).rejects.toMatchObject({ code: "invalid_key" });
  });
});

describe("hosts", () => {
  it.each([
    [{ host: "SMS.Example.com:3000" }, "sms.example.com"],
    [{ host: "127.0.0.1:3001", "x-forwarded-host": "brand.test" }, "brand.test"],
    [{ host: "[::1]:3000" }, "[::1]"],
    [{}, "localhost"],
  ])("are read from %j as %s", (headers, expected) => {
    expect(hostOf(new Headers(headers))).toBe(expected);
  });

  it("are answered when they are this machine, an address or a verified brand's, and not otherwise", async () => {
    const tree = await makeTree(db);
    await db.sql`insert into brand_hosts (host, tenant_id, verified_at)
      values ('known.test', ${tree.company.id}, now()), ('claimed.test', ${tree.company.id}, null)`;
    expect(isNeutralHost("localhost") && isNeutralHost("10.0.0.7") && isNeutralHost("[::1]")).toBe(true);
    expect(await answersOn("known.test")).toBe(true);
    expect(await answersOn("claimed.test")).toBe(false);
    expect(await answersOn("attacker.test")).toBe(false);
  });
});

describe("a call with a session cookie", () => {
  it.each([
    [{ host: "a.test" }, true],
    [{ host: "a.test", origin: "https://a.test" }, true],
    [{ host: "127.0.0.1", "x-forwarded-host": "a.test", origin: "http://a.test" }, true],
    [{ host: "a.test", origin: "https://b.test" }, false],
    [{ host: "a.test:3000", origin: "https://a.test" }, false],
    [{ host: "a.test", origin: "null" }, false],
  ])("from %j is our own page's: %s", (headers, expected) => {
    expect(isSameOrigin(new Headers(headers))).toBe(expected);
  });
});

describe("next-auth's options", () => {
  it("end the session on signing out: its cookie is refused, and is not made anew", async () => {
    const tree = await makeTree(db);
    const userId = newId();
    const owner = { id: userId, tenantId: tree.partner.id, email: `${userId}@auth.test`, name: "O", password };
    await createOwner(jobContext({ db, clock: systemClock }, "test", tree.partner.id, newId()), owner);
    const options = authOptions({ host: "localhost", https: false, ip: "127.0.0.1" });
    const token = { sub: userId, sid: newId(), sessionVersion: 1 };
    const renew = () => options.callbacks?.jwt?.({ token, user: undefined as never, account: null });
    expect(await renew()).toEqual(token);
    await options.events?.signOut?.({ token, session: undefined as never });
    expect(await contextFromHeaders(await session(token))).toBeNull();
    await expect(renew()).rejects.toThrow("ended");
  });

  it("bind cookies to the host and never redirect to another one", async () => {
    const options = authOptions({ host: "a.test", https: true, ip: "127.0.0.1" });
    expect(options.cookies?.sessionToken).toMatchObject({
      name: "__Host-session",
      options: { httpOnly: true, sameSite: "lax", secure: true },
    });
    expect(options.cookies?.sessionToken?.options).not.toHaveProperty("domain");
    const redirect = options.callbacks?.redirect;
    expect(await redirect?.({ url: "https://evil.test", baseUrl: "https://a.test" })).toBe("https://a.test");
    expect(await redirect?.({ url: "//evil.test", baseUrl: "https://a.test" })).toBe("https://a.test");
    for (const url of ["/console\r\nset-cookie: a=b", "/\\evil.test", "/\u4e2d", "/a b", "/\0"]) {
      expect(await redirect?.({ url, baseUrl: "https://a.test" })).toBe("https://a.test");
    }
    expect(await redirect?.({ url: "/console", baseUrl: "https://a.test" })).toBe("https://a.test/console");
  });
});
