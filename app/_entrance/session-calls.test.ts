/** Signing in from a browser against next-auth itself, with our options: also when another tab took the token's cookie. */
import NextAuth from "next-auth";
import { afterEach, expect, it, vi } from "vitest";
import { signIn } from "#app/_entrance/session-calls.ts";
import { authOptions } from "#server/auth/options.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeTree } from "#tests/factories.ts";

const db = await testDatabase();
(globalThis as { webDatabase?: unknown }).webDatabase = db;
const origin = { host: "localhost", https: false, ip: "127.0.0.1" };
const password = "ten characters";
afterEach(() => {
  vi.unstubAllGlobals();
});

type Answer = { text: string; cookies: string[] };

/** What next-auth answers in the form that it gives to servers of any kind. */
async function nextAuth(address: string, method: string, fields: object, cookies: Map<string, string>) {
  const answer: Answer = { text: "", cookies: [] };
  const response = {
    status: () => response,
    getHeader: () => answer.cookies,
    setHeader: (name: string, value: string[]) => {
      if (name === "Set-Cookie") answer.cookies = value;
      return response;
    },
    json: (value: unknown) => response.send(JSON.stringify(value)),
    send: (value: unknown) => {
      answer.text = typeof value === "string" ? value : JSON.stringify(value);
    },
  };
  const request = {
    method,
    query: { nextauth: address.replace("/api/auth/", "").split("/") },
    headers: { host: origin.host },
    cookies: Object.fromEntries(cookies),
    body: fields,
  };
  await Reflect.apply(NextAuth, undefined, [request, response, authOptions(origin)]);
  return answer;
}

/** A browser with one jar of cookies. @param beforePost what other tabs do between our token and our form */
function browse(beforePost: (browser: { openTab(): Promise<void> }) => Promise<void> = async () => {}) {
  const jar = new Map<string, string>();
  const forms: string[] = [];
  const keep = ({ cookies }: Answer) => {
    for (const cookie of cookies) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      jar.set(name, decodeURIComponent(value));
    }
  };
  // Asked at the same time as ours, when there was no cookie yet, and answered later.
  const openTab = async () => keep(await nextAuth("/api/auth/csrf", "GET", {}, new Map()));
  vi.stubGlobal("window", { location: { origin: "http://localhost" } });
  vi.stubGlobal(
    "fetch",
    async (address: string, { method = "GET", body }: { method?: string; body?: URLSearchParams } = {}) => {
      if (method === "POST") {
        forms.push(address);
        await beforePost({ openTab });
      }
      const answer = await nextAuth(address, method, Object.fromEntries(body ?? []), jar);
      keep(answer);
      return { json: async () => JSON.parse(answer.text) };
    },
  );
  return { jar, forms };
}

async function person(): Promise<string> {
  const { partner } = await makeTree(db);
  const email = `${newId()}@example.com`;
  const job = jobContext({ db, clock: systemClock }, "test", partner.id, newId());
  await createOwner(job, { id: newId(), tenantId: partner.id, email, name: "Lan", password });
  return email;
}

it("signs in with one form, and says what is wrong with one", async () => {
  const email = await person();
  const { jar, forms } = browse();
  expect(await signIn(email, "wrong")).toBe("invalid_credentials");
  expect(jar.has("session")).toBe(false);
  expect(await signIn(email, password)).toBeNull();
  expect(jar.get("session")).toMatch(/./);
  expect(forms).toHaveLength(2);
});

it("asks for a new token, once, where another tab's cookie came between: that nobody was signed in is not success", async () => {
  const email = await person();
  let tabs = 1;
  const { jar, forms } = browse(async ({ openTab }) => {
    if (tabs > 0) await openTab();
    tabs -= 1;
  });
  expect(await signIn(email, password)).toBeNull();
  expect(forms).toHaveLength(2);
  expect(jar.get("session")).toMatch(/./);
});

it("gives up after the second: it counts no wrong password, and never says that somebody is signed in", async () => {
  const email = await person();
  const { jar, forms } = browse(({ openTab }) => openTab());
  expect(await signIn(email, password)).toBe("unexpected");
  expect(forms).toHaveLength(2);
  expect(jar.has("session")).toBe(false);
});
