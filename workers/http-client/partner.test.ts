/** Sending through partners over HTTP, on real sockets: what they answer, and what they do not. */
import { describe, expect, it, onTestFinished } from "vitest";
import { getMessage } from "#server/domain/messages/get.ts";
import { why } from "#server/domain/messages/why.ts";
import { setConnectorError } from "#server/domain/routing/connector-errors.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { newId } from "#server/kernel/id.ts";
import { Partner, type PartnerScript, takesAll } from "#tests/carriers/partner.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  changeConnector,
  expectCleanLedger,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { callBack, makePartnerTree, type PartnerTree } from "#tests/partners.ts";
import { makeConnector } from "#tests/sending.ts";
import { wireTrace } from "#workers/wire-trace.ts";

const db = await testDatabase(10);
const numbers = (count: number) => Array.from({ length: count }, () => ({ to: plainNumber() }));
const become = becomingIn(db);
const bindOf = async (id: string) =>
  (await db.sql`select state, last_error as "lastError" from connector_binds where connector_id = ${id}`)[0];
const codesOf = async (ids: string[]) =>
  (await db.sql`select distinct error_code as code from messages where id = any(${ids}::uuid[])`).map(
    (row) => row.code,
  );
const partnerId = (id: string) => `P-${id.slice(-12)}`;

/** A second route behind the tree's own, to a simulated carrier. */
async function routeBehind(tree: PartnerTree) {
  const { smsc, port } = await startCarrier();
  const { id } = await makeConnector(db, tree.aggregator.id, "Behind");
  await changeConnector(db, id, { port });
  await createRoute(contextFor(db, tree.aggregator.id), { id: newId(), connectorId: id, priority: 200 });
  return { smsc, id };
}

describe("a partner over HTTP", () => {
  it("gets each message once, whole, and settles it by its call", async () => {
    const partner = await Partner.start();
    const tree = await makePartnerTree(db, partner);
    await startFleet(db);
    const long = 'Chào bạn 😀 "quoted", {to} & <b>\n'.repeat(6);
    const ids = await sendFrom(db, tree, [...numbers(20), { to: plainNumber(), text: long, class: "otp" }]);
    await become(ids, { sent: 21 });
    expect([...partner.taken.values()]).toEqual(Array(21).fill(1));
    const last = partner.sends.map(({ body }) => JSON.parse(body)).find(({ id }) => id === ids[20]);
    expect(last).toMatchObject({ text: long, from: "ACME", class: "otp" });
    expect(last.parts).toBeGreaterThan(1);
    const [first] = partner.sends;
    expect(first?.headers).toMatchObject({ authorization: "Bearer s3cret-key", "x-account": "acme" });
    const [row] = await db.sql`select parts from messages where id = ${ids[20] ?? ""}`;
    expect(row?.parts).toBe(last.parts);
    const receipts = ids.map((id, index) => ({ id: partnerId(id), state: index % 2 ? "failed" : "delivered" }));
    for (const receipt of receipts) await callBack(db, tree, receipt);
    await become(ids, { delivered: 11, undelivered: 10 });
    // Twice, and of nobody: nothing changes, nothing is lost.
    expect(await callBack(db, tree, receipts[0])).toEqual({ matched: 1, parked: 0 });
    expect(await callBack(db, tree, { id: "P-nobody", state: "delivered" })).toEqual({ matched: 0, parked: 1 });
    await become(ids, { delivered: 11, undelivered: 10 });
    await expectCleanLedger(db, tree);
  });

  it("may tell of a message before it answers", async () => {
    const partner = await Partner.start(async ({ json, answer }, self) => {
      const id = self.take(json.id ?? "");
      await callBack(db, tree, { id, state: "delivered", to: json.to });
      answer(200, { status: "0", id });
    });
    const tree = await makePartnerTree(db, partner);
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(5));
    await become(ids, { delivered: 5 });
    await expectCleanLedger(db, tree);
  });

  it.each<[string, PartnerScript, Record<string, number>, string | null]>([
    [
      "a code of its own",
      ({ answer }) => answer(200, { status: "9", error: "bad-number" }),
      { failed: 2 },
      "BAD-NUMBER",
    ],
    ["an error status", ({ answer }) => answer(400, {}), { failed: 2 }, "HTTP_400"],
    ["a code that its table knows", ({ answer }) => answer(500, { error: "E9" }), { failed: 2 }, "E9"],
    ["no id", ({ answer }) => answer(200, { status: "0" }), { unknown: 2 }, null],
    ["a page of somebody else", ({ response }) => response.end("<html>log in</html>"), { unknown: 2 }, null],
    ["a server error that says nothing", ({ answer }) => answer(502, {}), { unknown: 2 }, null],
    ["a cut", ({ cut }) => cut(), { unknown: 2 }, null],
    ["half an answer", halfAnAnswer, { unknown: 2 }, null],
    [
      "an endless answer",
      ({ response }) => response.end(`{"status":"0","x":"${"x".repeat(200_000)}`),
      { unknown: 2 },
      null,
    ],
    ["no HTTP", ({ socket }) => socket.end("220 mail.example ESMTP\r\n\r\n"), { unknown: 2 }, null],
    ["another charset", utf16, { sent: 2 }, null],
    ["bytes that are no text", noText, { sent: 2 }, null],
  ])("that answers with %s", async (_, script, statuses, code) => {
    const partner = await Partner.start(script);
    const tree = await makePartnerTree(db, partner, {}, { windowSize: 2, maxAttempts: 2 });
    const ctx = contextFor(db, tree.aggregator.id);
    const { connectorId } = tree;
    await setConnectorError(ctx, { connectorId, kind: "submit", code: "e9", verdict: "fail", reason: "blocked" });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(2));
    await become(ids, statuses);
    expect(await codesOf(ids)).toEqual([code]);
    expect(partner.sends).toHaveLength(2);
    await expectCleanLedger(db, tree);
  });

  it("that throttles, then takes them: all go out, no attempt is used", async () => {
    let refused = 0;
    const partner = await Partner.start((exchange, self) => {
      refused += 1;
      if (refused % 3 === 1) exchange.answer(429, {});
      else takesAll(exchange, self);
    });
    const tree = await makePartnerTree(db, partner, {}, { maxAttempts: 1 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(30));
    await become(ids, { sent: 30 });
    expect([...partner.taken.values()]).toEqual(Array(30).fill(1));
    await expectCleanLedger(db, tree);
  });

  it("that refuses the account: everything waits, and goes when it is put right", async () => {
    const partner = await Partner.start(({ answer }) => answer(401, { error: "who are you" }));
    const tree = await makePartnerTree(db, partner, {
      answer: { id: { from: "json", path: "/id" } },
    });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(15));
    await eventually(async () =>
      expect(await bindOf(tree.connectorId)).toEqual({
        state: "waiting",
        lastError: "the partner refuses requests: HTTP_401",
      }),
    );
    expect(await statusesOf(db, ids)).toEqual({ queued: 15 });
    const before = partner.sends.length;
    expect(before).toBeLessThanOrEqual(11);
    partner.script = takesAll;
    await become(ids, { sent: 15 });
    expect(await bindOf(tree.connectorId)).toMatchObject({ state: "bound" });
    await expectCleanLedger(db, tree);
  });

  it("that is not there: what waits takes the next route", async () => {
    const tree = await makePartnerTree(db, { url: "http://127.0.0.1:9" }, {}, { failoverAfterSeconds: 1 });
    const behind = await routeBehind(tree);
    const ids = await sendFrom(db, tree, numbers(10));
    await startFleet(db);
    await become(ids, { delivered: 10 });
    expect(behind.smsc.memory.stats).toMatchObject({ accepted: 10, duplicates: 0 });
    expect(await bindOf(tree.connectorId)).toMatchObject({ state: "waiting", lastError: "ECONNREFUSED" });
    await expectCleanLedger(db, tree);
  });

  it("whose mapped error sends a message over another route", async () => {
    const partner = await Partner.start(({ answer }) => answer(200, { status: "7", error: "NO_ROUTE" }));
    const tree = await makePartnerTree(db, partner);
    const { connectorId } = tree;
    const behind = await routeBehind(tree);
    const ctx = contextFor(db, tree.aggregator.id);
    await setConnectorError(ctx, { connectorId, kind: "submit", code: "no_route", verdict: "failover" });
    await startFleet(db);
    await eventually(async () => expect((await bindOf(behind.id))?.state).toBe("bound"));
    const ids = await sendFrom(db, tree, numbers(4));
    await become(ids, { delivered: 4 });
    expect(partner.sends).toHaveLength(4);
    await expectCleanLedger(db, tree);
  });

  it("that cuts every third connection: lost answers are resent and marked where the route says so", async () => {
    let count = 0;
    const partner = await Partner.start((exchange, self) => {
      count += 1;
      if (count % 3 > 0) return takesAll(exchange, self);
      self.take(exchange.json.id ?? "");
      exchange.cut();
    });
    const tree = await makePartnerTree(db, partner, {}, { unknownPolicy: "resend", maxAttempts: 20 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(30));
    await become(ids, { sent: 30 });
    const twice = [...partner.taken].filter(([, times]) => times > 1).map(([id]) => id);
    expect(twice.length).toBeGreaterThan(0);
    const unmarked = await db.sql`
      select id from messages where id = any(${twice}::uuid[]) and not possible_duplicate`;
    expect(unmarked).toEqual([]);
    await expectCleanLedger(db, tree);
  });

  it("that is slow: answers count as lost in time, then it is asked one at a time", async () => {
    const partner = await Partner.start(() => {});
    const tree = await makePartnerTree(db, partner, {}, { windowSize: 4, responseTimeoutMs: 2_000 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(12));
    await eventually(async () => expect((await bindOf(tree.connectorId))?.lastError).toBe("timeout"));
    const { unknown = 0 } = await statusesOf(db, ids);
    expect(unknown).toBeLessThanOrEqual(7);
    partner.script = takesAll;
    await eventually(async () => expect((await statusesOf(db, ids)).queued).toBeUndefined());
    expect([...partner.taken.values()].every((times) => times === 1)).toBe(true);
    await expectCleanLedger(db, tree);
  });

  it("that names our ids settles what was lost on the way", async () => {
    const partner = await Partner.start(({ json, cut }, self) => {
      self.take(json.id ?? "");
      cut();
    });
    const tree = await makePartnerTree(db, partner, {
      receipts: {
        kind: "callback",
        idIs: "ours",
        id: { from: "json", path: "/reference" },
        status: { from: "json", path: "/state" },
      },
    });
    await startFleet(db);
    const ids = await sendFrom(db, tree, [...numbers(2), { to: plainNumber(), text: "x".repeat(300) }]);
    await become(ids, { unknown: 3 });
    for (const id of ids) await callBack(db, tree, { reference: id, state: "DELIVRD" });
    await become(ids, { delivered: 3 });
    expect(await db.sql`select * from send_queue where message_id = any(${ids}::uuid[])`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });

  it("tells why, with request and answer as they went over the wire, but for the secret", async () => {
    const partner = await Partner.start();
    const tree = await makePartnerTree(db, partner);
    wireTrace.start(db, "test");
    onTestFinished(() => wireTrace.stop());
    await startFleet(db);
    const ids = await sendFrom(db, tree, [...numbers(1), { to: plainNumber(), text: "x".repeat(300) }]);
    await become(ids, { sent: 2 });
    await wireTrace.flush();
    for (const id of ids) {
      const { story } = await why(contextFor(db, tree.aggregator.id), { id });
      const step = story?.steps.find(({ kind }) => kind === "sent");
      expect(step?.exchange?.request.text).toContain(`POST ${partner.url}/send`);
      expect(step?.exchange?.request.text).toContain(id);
      expect(step?.exchange?.response?.text).toContain(partnerId(id));
      expect(JSON.stringify(step)).not.toContain("s3cret-key");
    }
  });

  it("shows neither its name nor its words to those who do not own it", async () => {
    const partner = await Partner.start(({ answer }) => answer(200, { status: "9", error: "SECRET-CODE" }));
    const tree = await makePartnerTree(db, partner);
    await startFleet(db);
    const [id = ""] = await sendFrom(db, tree, numbers(1));
    await become([id], { failed: 1 });
    const seen = async (tenantId: string) =>
      JSON.stringify((await getMessage(contextFor(db, tenantId), { id })).timeline, (_, v) =>
        typeof v === "bigint" ? String(v) : v,
      );
    expect(await seen(tree.aggregator.id)).toContain("SECRET-CODE");
    expect(await seen(tree.subaccount.id)).not.toContain(tree.connectorId);
  });
});

function halfAnAnswer({ response, json }: Parameters<PartnerScript>[0], partner: Partner): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
  response.write(`{"status":"0","id":"${partner.take(json.id ?? "")}"`);
  setImmediate(() => response.socket?.destroy());
}

function utf16({ response, json }: Parameters<PartnerScript>[0], partner: Partner): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-16le" });
  response.end(Buffer.from(JSON.stringify({ status: "0", id: partner.take(json.id ?? "") }), "utf16le"));
}

function noText({ response, json }: Parameters<PartnerScript>[0], partner: Partner): void {
  const [head, tail] = [`{"x":"`, `","status":"0","id":"${partner.take(json.id ?? "")}"}`];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from(tail)]));
}
