/** Partners' calls with receipts, over the real gateway: each notation, strangers, nonsense, many at once. */
import { afterAll, describe, expect, it } from "vitest";
import { getHttpConnector } from "#server/domain/routing/get-http-connector.ts";
import type { HttpDescriptionInput } from "#server/domain/routing/http-description.ts";
import { receiptAddress, renewReceiptAddress } from "#server/domain/routing/receipt-address.ts";
import { updateHttpConnector } from "#server/domain/routing/update-http-connector.ts";
import { randomToken } from "#server/kernel/crypto.ts";
import { Partner } from "#tests/carriers/partner.ts";
import { testDatabase } from "#tests/database.ts";
import { becomingIn, expectCleanLedger, plainNumber, sendFrom, startFleet, statusesOf } from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { openGateway } from "#tests/gateway.ts";
import { makePartnerTree, type PartnerTree } from "#tests/partners.ts";

const db = await testDatabase(10);
const { address, close } = await openGateway(db);
afterAll(close);

const partnerId = (id: string) => `P-${id.slice(-12)}`;
const become = becomingIn(db);
const addressOf = async ({ aggregator, connectorId }: PartnerTree) =>
  `${address}${(await receiptAddress(contextFor(db, aggregator.id), { id: connectorId })).path}`;
const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

type Receipts = Partial<Extract<HttpDescriptionInput["receipts"], { kind: "callback" }>>;
async function partnerTree(count: number, receipts: Receipts = {}) {
  const partner = await Partner.start();
  const tree = await makePartnerTree(db, partner);
  await describeReceipts(tree, receipts);
  await startFleet(db);
  const ids = await sendFrom(
    db,
    tree,
    Array.from({ length: count }, () => ({ to: plainNumber() })),
  );
  await become(ids, { sent: count });
  return { tree, ids, address: await addressOf(tree) };
}

async function describeReceipts({ aggregator, connectorId: id }: PartnerTree, change: Receipts): Promise<void> {
  const ctx = contextFor(db, aggregator.id);
  const { description } = await getHttpConnector(ctx, { id });
  const receipts = { ...description.receipts, ...change } as HttpDescriptionInput["receipts"];
  await updateHttpConnector(ctx, { id, description: { ...description, receipts } });
}

describe("a partner's call", () => {
  it("settles a message, is answered as the partner expects, and may come again", async () => {
    const { tree, ids, address } = await partnerTree(1, {
      answerStatus: 202,
      answerType: "text/xml",
      answerBody: "<ok/>",
    });
    const call = json({ id: partnerId(ids[0] ?? ""), state: "delivered" });
    for (let time = 0; time < 3; time += 1) {
      const response = await fetch(address, call);
      expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
        202,
        "text/xml",
        "<ok/>",
      ]);
    }
    expect(await statusesOf(db, ids)).toEqual({ delivered: 1 });
    const receipts =
      await db.sql`select * from message_events where message_id = any(${ids}::uuid[]) and kind = 'receipt'`;
    expect(receipts).toHaveLength(1);
    await expectCleanLedger(db, tree);
  });

  it("comes as a query, a form, XML, or a list, with words of the partner's own", async () => {
    const states = [
      { value: "7", means: "delivered" as const },
      { value: "8", means: "undelivered" as const },
    ];
    const field = { id: { from: "field", path: "MsgId" }, status: { from: "field", path: "St" } } as const;
    const { tree, ids, address } = await partnerTree(7, { ...field, error: undefined, to: undefined, states });
    const [query, form, xml, ...listed] = ids.map(partnerId);
    expect((await fetch(`${address}?MsgId=${query}&St=7`)).status).toBe(200);
    const body = new URLSearchParams({ MsgId: form ?? "", St: "8" });
    expect((await fetch(address, { method: "POST", body })).status).toBe(200);
    const path = { id: { from: "xml", path: "dlr/id" }, status: { from: "xml", path: "dlr/@st" } } as const;
    await describeReceipts(tree, { ...path, states });
    await eventually(async () => {
      const text = `<?xml version="1.0"?><dlr st="7"><id>${xml}</id></dlr>`;
      const response = await fetch(address, { method: "PUT", headers: { "content-type": "text/xml" }, body: text });
      expect(response.status).toBe(200);
    });
    const pointers = { id: { from: "json", path: "/m" }, status: { from: "json", path: "/s" }, list: "/all" } as const;
    await describeReceipts(tree, { ...pointers, states });
    const all = [...listed.map((m) => ({ m, s: 7 })), { m: "P-nobody", s: 7 }, { m: listed[0], s: 99 }];
    await eventually(async () => expect((await fetch(address, json({ all }))).status).toBe(200));
    await become(ids, { delivered: 6, undelivered: 1 });
    const parked = await db.sql`select carrier_id from parked_receipts where connector_id = ${tree.connectorId}`;
    expect(parked.map((row) => row.carrier_id)).toEqual(["p-nobody"]);
    await expectCleanLedger(db, tree);
  });

  it("from a stranger, at an old address, or of nonsense changes nothing and says what is wrong", async () => {
    const { tree, ids, address } = await partnerTree(1);
    const told = { id: partnerId(ids[0] ?? ""), state: "delivered" };
    const strange = address.replace(/[^/]+$/, randomToken());
    const refused = async (to: string, request: RequestInit) => {
      const response = await fetch(to, request);
      const text = await response.text();
      return [response.status, text.startsWith("{") ? JSON.parse(text).code : text];
    };
    expect(await refused(strange, json(told))).toEqual([404, "receipt_address_not_found"]);
    for (const body of ["", "{", "[]", '{"id":1}', "\u0000", '{"id":"x","state":{}}']) {
      expect(await refused(address, json(body)), body).toEqual([400, "no_receipt_found"]);
    }
    expect(await refused(address, json("x".repeat(300_000)))).toEqual([413, "body_too_large"]);
    const packed = { ...json(told), headers: { "content-type": "application/json", "content-encoding": "gzip" } };
    expect((await refused(address, packed))[0]).toBe(415);
    expect((await fetch(address, { method: "HEAD" })).status).not.toBe(200);
    await renewReceiptAddress(contextFor(db, tree.aggregator.id), { id: tree.connectorId });
    const other = json({ ...told, id: "P-other" });
    await eventually(async () => expect((await refused(address, other))[0]).toBe(404));
    expect(await statusesOf(db, ids)).toEqual({ sent: 1 });
    expect((await fetch(await addressOf(tree), json(told))).status).toBe(200);
    expect(await statusesOf(db, ids)).toEqual({ delivered: 1 });
  });

  it("comes from where the connector says, once it says so", async () => {
    const { tree, ids, address } = await partnerTree(1, { allowedIps: ["203.0.113.0/24", "2001:db8::/32"] });
    const call = json({ id: partnerId(ids[0] ?? ""), state: "delivered" });
    const claimed = { ...call, headers: { ...call.headers, "x-forwarded-for": "203.0.113.7" } };
    for (const request of [call, claimed, { method: "GET" }]) {
      const response = await fetch(address, request);
      expect([response.status, (await response.json()).code]).toEqual([403, "ip_not_allowed"]);
    }
    expect(await statusesOf(db, ids)).toEqual({ sent: 1 });
    await describeReceipts(tree, { allowedIps: ["203.0.113.7", "127.0.0.0/8"] });
    await eventually(async () => expect((await fetch(address, call)).status).toBe(200));
    expect(await statusesOf(db, ids)).toEqual({ delivered: 1 });
    await expect(describeReceipts(tree, { allowedIps: ["10.0.0.0/33"] })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it("is one of hundreds at once: each is answered after its commit", async () => {
    const { tree, ids, address } = await partnerTree(300);
    const fromMs = performance.now();
    const answers = await Promise.all(
      ids.map(async (id) => (await fetch(address, json({ id: partnerId(id), state: "DELIVRD" }))).status),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    console.info(`300 calls at once: ${Math.round(performance.now() - fromMs)} ms`);
    expect(await statusesOf(db, ids)).toEqual({ delivered: 300 });
    await expectCleanLedger(db, tree);
  });
});
