/**
 * The isolation matrix over the web's route handlers: every one that lies in app/ × every role, with a real session ×
 * parent, sibling and stranger. A handler without an entry in web-attempts.ts fails here.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { encode } from "next-auth/jwt";
import { describe, expect, it } from "vitest";
import type { Database } from "#db/client.ts";
import { authSecret, cookieName } from "#server/auth/session.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { type WebRequest, webAttempts } from "#tests/isolation/web-attempts.ts";
import { digestOf, type Holding, makeWorld, type Relation } from "#tests/isolation/world.ts";

const db = await testDatabase();
(globalThis as typeof globalThis & { webDatabase?: Database }).webDatabase = db;
const roles: Role[] = ["owner", "manager", "sender", "moderator", "finance", "support", "viewer"];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

type Handler = (request: Request, route: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;

const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((file) =>
  /(^|\/)route\.tsx?$/.test(file),
);
const handlers = new Map<string, Handler>();
for (const file of files) {
  const module = (await import(pathToFileURL(path.resolve("app", file)).href)) as Record<string, unknown>;
  // A folder in parentheses groups pages and is no part of the address.
  const route = path.dirname(file).replace(/\(\w+\)\//g, "");
  for (const method of methods) {
    if (module[method]) handlers.set(`${method} /${route}`, module[method] as Handler);
  }
}
const scoped = [...handlers.keys()].filter((route) => webAttempts[route]?.kind === "scoped").sort();

async function cookieOf(tenantId: string, role: Role): Promise<string> {
  const id = newId();
  await db.sql`insert into users (id, tenant_id, email, name, role, status)
    values (${id}, ${tenantId}, ${`${id}@example.test`}, 'Matrix', ${role}, 'active')`;
  const token = await encode({ token: { sub: id, sid: newId(), sessionVersion: 1 }, secret: authSecret() });
  return `${cookieName("session", false)}=${token}`;
}

function requestsOf(route: string, target: Holding): WebRequest[] {
  const attempts = webAttempts[route];
  return attempts && attempts.kind !== "elsewhere" ? attempts.requests(target) : [];
}

async function send(
  route: string,
  wanted: WebRequest,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const { params = {}, query = {}, body } = wanted;
  const [method = "", pattern = ""] = route.split(" ");
  const filled = pattern.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => [params[name] ?? ""].flat().join("/"));
  const type: Record<string, string> =
    method === "POST" && route.includes("trpc") ? { "content-type": "application/json" } : {};
  const init = { method, body, headers: { host: "localhost", ...type, ...headers } };
  const request = new Request(`http://localhost${filled}?${new URLSearchParams(query)}`, init);
  const response = await (handlers.get(route) as Handler)(request, { params: Promise.resolve(params) });
  return { status: response.status, text: await response.text() };
}

describe("isolation matrix over the web's route handlers", () => {
  it("knows every handler, and no other", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(Object.keys(webAttempts).sort()).toEqual([...handlers.keys()].sort());
  });

  it("shows and changes nothing outside the subtree", async () => {
    const world = await makeWorld(db);
    const cookies = await Promise.all(roles.map((role) => cookieOf(world.self.tenantId, role)));
    const hostile: Relation[] = ["parent", "sibling", "stranger"];
    const digests = () => Promise.all(hostile.map((relation) => digestOf(db, world[relation].tenantId)));
    const leaks: string[] = [];
    let made = 0;
    for (const route of handlers.keys()) {
      const before = await digests();
      for (const relation of hostile) {
        const { mark, senderName, emailId, keyId, routeId } = world[relation];
        for (const wanted of requestsOf(route, world[relation])) {
          const sent = JSON.stringify(wanted);
          for (const [n, cookie] of cookies.entries()) {
            made += 1;
            const { status, text } = await send(route, wanted, { cookie });
            const where = `${route} as ${roles[n]} on ${relation}`;
            if (status >= 500) leaks.push(`${where}: ${status} ${text}`);
            for (const secret of [mark, senderName, emailId, keyId, routeId]) {
              if (text.includes(secret) && !sent.includes(secret)) leaks.push(`${where}: ${secret}`);
            }
          }
        }
      }
      if ((await digests()).join() !== before.join()) leaks.push(`${route} changed a row outside`);
    }
    console.log(`isolation matrix over the web: ${handlers.size} handlers, ${made} attempts, ${leaks.length} leaks`);
    expect(leaks).toEqual([]);
  });

  it.each(scoped)(
    "%s answers the own, and nobody without a session, with a forged one, or from another site",
    async (route) => {
      const world = await makeWorld(db);
      const cookie = await cookieOf(world.self.tenantId, "owner");
      const own = requestsOf(route, world.self);
      for (const wanted of own) {
        const forged = `${cookieName("session", false)}=${await encode({ token: { sub: world.self.userId, sid: newId(), sessionVersion: 1 }, secret: "x".repeat(32) })}`;
        for (const headers of [{}, { cookie: forged }] as Record<string, string>[])
          expect((await send(route, wanted, headers)).status).toBe(401);
        const elsewhere = { cookie, origin: "https://evil.example" };
        expect((await send(route, wanted, elsewhere)).status).toBe(403);
      }
      const answers = await Promise.all(own.map((wanted) => send(route, wanted, { cookie })));
      expect(
        answers.map(({ status }) => status).filter((status) => status < 300).length,
        JSON.stringify(answers),
      ).toBeGreaterThan(0);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    },
  );

  it("reaches what lies below, where a route names somebody's thing", async () => {
    const world = await makeWorld(db);
    const cookie = await cookieOf(world.self.tenantId, "owner");
    for (const route of scoped.filter((route) => route.startsWith("GET "))) {
      const answers = await Promise.all(
        requestsOf(route, world.child).map((wanted) => send(route, wanted, { cookie })),
      );
      expect(
        answers.some(({ status }) => status < 300),
        route,
      ).toBe(true);
    }
  });
});
