/** Contracts at the edges: HTTP and SMPP, all keys of a tenant, and several processes that divide one contract. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { bind, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { contextFor } from "#tests/factories.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { encodeGsm7 } from "#workers/smpp/data-coding.ts";

const db = await testDatabase(12);
const gateways = await Promise.all([1, 2].map(() => openGateway(db)));
const ports = gateways.map(({ port }) => port);
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())));

let tree: SendingTree;
beforeAll(async () => {
  tree = await makeSendingTree(db);
});

async function post(key: string, count: number, over: object = {}, port = ports[0]): Promise<Response> {
  const to = Array.from({ length: count }, () => nextNumber());
  return fetch(`http://127.0.0.1:${port}/api/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ sender: "ACME", text: "Hello", to, ...over }),
  });
}

/** Set above, and known to every process. */
async function agree(tenantId: string, maxPerSecond: number | null): Promise<void> {
  const root = contextFor(db, tree.aggregator.id);
  await setContract(root, { tenantId, reservedPerSecond: 0, maxPerSecond, weight: 1 });
}
const untilBound = (key: string, isBound: boolean, port = ports[0]) =>
  vi.waitFor(
    async () => {
      const reply = await post(key, 1, { class: "otp" }, port);
      expect(reply.headers.has("ratelimit")).toBe(isBound);
    },
    { timeout: 10_000, interval: 100 },
  );

describe("over HTTP", () => {
  it("what is beyond the contract is answered 429, over all keys; codes of another account below are bound, too", async () => {
    const keys = [
      await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]),
      await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]),
    ];
    const [a = "", b = ""] = keys;
    await untilBound(a, false);
    await agree(tree.company.id, 20);
    await untilBound(a, true);
    // Larger than the burst: let in, and paid off by whoever comes next.
    const large = await vi.waitFor(async () => {
      const reply = await post(a, 100);
      expect(reply.status).toBe(202);
      return reply;
    });
    expect(large.headers.get("ratelimit-policy")).toMatch(/^"contract";q=\d+;w=1$/);
    const refused = await post(b, 1);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({ code: "over_contract", status: 429 });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(3);
    expect(refused.headers.get("ratelimit")).toMatch(/^"contract";r=0;t=\d+$/);
    // One-time codes have a way of their own.
    expect((await post(b, 1, { class: "otp" })).status).toBe(202);
    // A dry run sends nothing, and reading is not sending.
    const dry = await fetch(`http://127.0.0.1:${ports[0]}/api/v1/messages?dry_run=true`, {
      method: "POST",
      headers: { authorization: `Bearer ${b}`, "content-type": "application/json" },
      body: JSON.stringify({ sender: "ACME", text: "Hello", to: nextNumber() }),
    });
    expect(dry.status).toBe(202);
    const other = await makeKey(db, tree.sibling.id, ["messages.send", "messages.read"]);
    await post(other, 1);
    expect((await post(other, 1)).status).toBe(429);
    await agree(tree.company.id, null);
    await untilBound(a, false);
    expect((await post(b, 1)).status).toBe(202);
  }, 40_000);

  it("two gateways let in together what one contract allows, however clients divide themselves", async () => {
    await agree(tree.partner.id, 50);
    const key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]);
    for (const port of ports) await untilBound(key, true, port);
    let accepted = 0;
    let isOver = false;
    // Three clients on the first gateway, one on the second, each as fast as it is answered.
    const clients = [ports[0], ports[0], ports[0], ports[1]].map(async (port) => {
      while (!isOver) if ((await post(key, 1, {}, port)).status === 202) accepted += 1;
    });
    const settled = await vi.waitFor(async () => {
      const [row] = await db.sql<{ n: number }[]>`
        select count(distinct owner)::int as n from contract_uses
        where tenant_id = ${tree.partner.id} and side = 'in' and per_second > 20`;
      expect(row?.n).toBe(2);
      return { accepted, atMs: performance.now() };
    }, 10_000);
    await vi.waitFor(() => expect(performance.now() - settled.atMs).toBeGreaterThan(4_000), {
      timeout: 6_000,
      interval: 10,
    });
    const perSecond = ((accepted - settled.accepted) / (performance.now() - settled.atMs)) * 1_000;
    isOver = true;
    await Promise.all(clients);
    // Undivided it would be 100; kept by each for itself, less than the half.
    expect(perSecond).toBeGreaterThan(30);
    expect(perSecond).toBeLessThan(75);
    await agree(tree.partner.id, null);
  }, 40_000);
});

describe("over SMPP", () => {
  it("what is beyond the contract is answered ESME_RTHROTTLED, and goes when there is room again", async () => {
    await agree(tree.partner.id, 10);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const submit = () =>
      esme.request("submit_sm", {
        source_addr: "ACME",
        destination_addr: nextNumber(),
        short_message: encodeGsm7("Hello"),
      });
    const statuses = await vi.waitFor(async () => {
      const all = (await Promise.all(Array.from({ length: 30 }, submit))).map(statusOf);
      expect(all).toContain(commandStatus.throttled);
      return all;
    }, 10_000);
    expect(new Set(statuses)).toEqual(new Set([0, commandStatus.throttled]));
    await vi.waitFor(async () => expect(statusOf(await submit())).toBe(0), 5_000);
    await agree(tree.partner.id, null);
  }, 30_000);
});
