/** Contracts at the edges: HTTP and SMPP, all keys of a tenant, and several processes that divide one contract. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { bind, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { eventually } from "#tests/eventually.ts";
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
  eventually(async () => {
    const reply = await post(key, 1, { class: "otp" }, port);
    expect(reply.headers.has("ratelimit")).toBe(isBound);
  }, 100);

describe("over HTTP", () => {
  it("what is beyond the contract is answered 429, over all keys; codes of another account below are bound, too", async () => {
    const keys = [
      await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]),
      await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]),
    ];
    const [a = "", b = ""] = keys;
    await untilBound(a, false);
    await agree(tree.company.id, 5);
    await untilBound(a, true);
    // Larger than the burst: let in, and paid off by whoever comes next, for more than a minute.
    const large = await eventually(async () => {
      const reply = await post(a, 400);
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
  });

  it("two gateways let in together what one alone does, however clients divide themselves", async () => {
    // Few enough to be reached by any machine, however slow.
    const perSecond = 10;
    const parties = [
      { tenantId: tree.partner.id, sender: tree.subaccount.id, ports: [ports[0], ports[0], ports[0], ports[1]] },
      { tenantId: tree.sibling.id, sender: tree.sibling.id, ports: [ports[0], ports[0], ports[0], ports[0]] },
    ];
    let isOver = false;
    const accepted = [0, 0];
    const clients: Promise<void>[] = [];
    for (const [index, party] of parties.entries()) {
      await agree(party.tenantId, perSecond);
      const key = await makeKey(db, party.sender, ["messages.send", "messages.read"]);
      for (const port of ports) await untilBound(key, true, port);
      // Each as fast as it is answered.
      const ask = async (port: number | undefined) => {
        while (!isOver) if ((await post(key, 1, {}, port)).status === 202) accepted[index] = (accepted[index] ?? 0) + 1;
      };
      clients.push(...party.ports.map(ask));
    }
    await eventually(async () => {
      const [row] = await db.sql<{ n: number }[]>`
        select count(distinct owner)::int as n from contract_uses
        where tenant_id = ${tree.partner.id} and side = 'in' and per_second > 0`;
      expect(row?.n).toBe(2);
    });
    const [togetherBefore = 0, aloneBefore = 0] = accepted;
    await eventually(() => expect(accepted[1]).toBeGreaterThan(aloneBefore + perSecond * 12));
    const [together, alone] = [(accepted[0] ?? 0) - togetherBefore, (accepted[1] ?? 0) - aloneBefore];
    isOver = true;
    await Promise.all(clients);
    // Both had the same time. Undivided it would be twice as much; kept by each for itself, less than the half.
    expect(together / alone).toBeGreaterThan(0.6);
    expect(together / alone).toBeLessThan(1.5);
    console.info(`${together} let in by two gateways, ${alone} by one alone`);
    for (const { tenantId } of parties) await agree(tenantId, null);
  });
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
    const statuses = new Set<number | null>();
    await eventually(async () => {
      for (const answer of await Promise.all(Array.from({ length: 30 }, submit))) statuses.add(statusOf(answer));
      expect(statuses).toEqual(new Set([0, commandStatus.throttled]));
    });
    await eventually(async () => expect(statusOf(await submit())).toBe(0));
    await agree(tree.partner.id, null);
  });
});
