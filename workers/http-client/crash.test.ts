/** Workers that send over HTTP, as processes of their own, killed in the middle; and addresses that lead inside. */
import { describe, expect, it } from "vitest";
import { Partner, type PartnerScript } from "#tests/carriers/partner.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, plainNumber, sendFrom, statusesOf } from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { callBack, makePartnerTree } from "#tests/partners.ts";
import { startWorker } from "#tests/worker-process.ts";

const db = await testDatabase(10);
const windowSize = 20;
const worker = (settings: Record<string, string> = {}) =>
  startWorker("workers/smpp-client/main.ts", 1, { DATABASE_URL: db.url, ...settings });
const messages = (count: number) =>
  Array.from({ length: count }, () => ({ to: plainNumber(""), class: "bulk" as const }));
const partnerId = (id: string) => `P-${id.slice(-12)}`;

/** Takes a message at once, answers some time later. */
const slowly: PartnerScript = ({ json, answer }, partner) => {
  const id = partner.take(json.id ?? "");
  setTimeout(() => answer(200, { status: "0", id }), 150);
};

describe("a kill in the middle", () => {
  it("of the worker: another one goes on, nothing is lost, nothing is sent twice", async () => {
    const partner = await Partner.start(slowly);
    const tree = await makePartnerTree(db, partner, {}, { windowSize, unknownPolicy: "wait" });
    const ids = await sendFrom(db, tree, messages(600));
    const first = await worker();
    await eventually(() => expect(partner.taken.size).toBeGreaterThan(150), 5);
    await first.kill("SIGKILL");
    await worker();
    await eventually(async () => {
      const { sent = 0, unknown = 0, ...others } = await statusesOf(db, ids);
      expect({ total: sent + unknown, others }).toEqual({ total: 600, others: {} });
      expect(unknown).toBeLessThanOrEqual(windowSize);
    }, 200);
    expect([...partner.taken.values()].filter((times) => times > 1)).toEqual([]);
    const known = await db.sql<{ id: string }[]>`
      select id from messages where id = any(${ids}::uuid[]) and status = 'sent' order by id desc limit 30`;
    const told = known.map(({ id }) => ({ id: partnerId(id), state: "DELIVRD" }));
    for (const receipt of told) await callBack(db, tree, receipt);
    expect((await statusesOf(db, ids)).delivered).toBe(known.length);
    await expectCleanLedger(db, tree);
  });

  it("twice, of a route that sends again: everything arrives, and what arrived twice is marked", async () => {
    const partner = await Partner.start(slowly);
    const tree = await makePartnerTree(db, partner, {}, { windowSize, unknownPolicy: "resend", maxAttempts: 20 });
    const ids = await sendFrom(db, tree, messages(400));
    for (const enough of [80, 200]) {
      const one = await worker();
      await eventually(() => expect(partner.taken.size).toBeGreaterThan(enough), 5);
      await one.kill("SIGKILL");
    }
    await worker();
    await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ sent: 400 }));
    expect(partner.taken.size).toBe(400);
    const twice = [...partner.taken].filter(([, times]) => times > 1).map(([id]) => id);
    expect(twice.length).toBeLessThanOrEqual(2 * windowSize);
    const unmarked = await db.sql`
      select id from messages where id = any(${twice}::uuid[]) and not possible_duplicate`;
    expect(unmarked).toEqual([]);
    await expectCleanLedger(db, tree);
  });
});

describe("an address inside", () => {
  it("is not dialled by a worker, though it was saved while it was allowed", async () => {
    const partner = await Partner.start(slowly);
    const tree = await makePartnerTree(db, partner);
    const ids = await sendFrom(db, tree, messages(3));
    await worker({ OUTBOUND_PRIVATE: "192.0.2.1" });
    await eventually(async () => {
      const [bind] = await db.sql`
          select state, last_error from connector_binds where connector_id = ${tree.connectorId}`;
      expect(bind).toEqual({ state: "waiting", last_error: "the address is inside a private network" });
    });
    expect(await statusesOf(db, ids)).toEqual({ queued: 3 });
    expect(partner.connections).toBe(0);
  });

  it("is not reached by a name that leads there only when it is dialled, nor by a redirect", async () => {
    const { Exchange } = await import("#workers/http-client/exchange.ts");
    const inside = await Partner.start();
    const port = new URL(inside.url).port;
    let looks = 0;
    const resolve = async () => [{ address: looks++ === 0 ? "203.0.112.7" : "127.0.0.1", family: 4 }];
    const limits = { connections: 1, answerTimeoutMs: 60_000 };
    const exchange = new Exchange(limits, { resolve, allowed: [] });
    const request = { method: "GET" as const, headers: {}, body: null };
    await resolve();
    const rebound = await exchange.send({ ...request, url: `http://rebinding.example:${port}/` });
    expect(rebound).toEqual({ kind: "unsent", why: "the address is inside a private network" });
    const partner = await Partner.start(({ response }) => {
      response.writeHead(307, { location: `${inside.url}/secret` });
      response.end();
    });
    const redirected = await new Exchange(limits, {}).send({ ...request, url: partner.url });
    expect(redirected).toMatchObject({ kind: "answer", answer: { status: 307 } });
    expect(inside.connections).toBe(0);
    await exchange.close();
  });
});
