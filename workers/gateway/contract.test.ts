/** The contract's bound and a key's addresses, at every door of the API. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

let tree: SendingTree;
beforeAll(async () => {
  tree = await makeSendingTree(db);
});

const keyOf = (tenantId: string, allowedIps?: string[]) => makeKey(db, tenantId, ["messages.send"], allowedIps);

const form = "application/x-www-form-urlencoded";
type Door = [name: string, type: string, code: RegExp, ask: (key: string, count: number) => Promise<Response>];
const numbers = (count: number) => Array.from({ length: count }, () => nextNumber());
const post = (path: string, key: string, type: string, body: string) =>
  fetch(address + path, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": type }, body });

const doors: Door[] = [
  [
    "POST /api/v1/messages",
    "application/problem+json",
    /"code":"(\w+)"/,
    (key, count) =>
      post(
        "/api/v1/messages",
        key,
        "application/json",
        JSON.stringify({ sender: "ACME", to: numbers(count), text: "Hi" }),
      ),
  ],
  [
    "GET /api/send",
    "text/plain; charset=utf-8",
    /^error (\w+) /,
    (key, count) => fetch(`${address}/api/send?key=${key}&sender=ACME&text=Hi&to=${numbers(count)}`),
  ],
  [
    "POST /api/send",
    "text/plain; charset=utf-8",
    /^error (\w+) /,
    (key, count) => post("/api/send", key, form, `sender=ACME&text=Hi&to=${numbers(count)}`),
  ],
  [
    "POST /api/xml",
    "application/xml; charset=utf-8",
    /<error [^>]*code="(\w+)"/,
    (key, count) => {
      const to = numbers(count)
        .map((one) => `<to>${one}</to>`)
        .join("");
      return post(
        "/api/xml",
        key,
        "text/xml",
        `<send><message><sender>ACME</sender>${to}<text>Hi</text></message></send>`,
      );
    },
  ],
];

async function refusal(response: Response, type: string, code: RegExp): Promise<[number, string | undefined]> {
  expect(response.headers.get("content-type")).toBe(type);
  return [response.status, code.exec(await response.text())?.[1]];
}

describe.each(doors)("%s", (_, type, code, ask) => {
  it("answers 429 beyond the contract, says when to come back, and what is left on every answer", async () => {
    const key = await keyOf(tree.subaccount.id);
    const agree = (maxPerSecond: number | null) =>
      setContract(contextFor(db, tree.aggregator.id), {
        tenantId: tree.subaccount.id,
        reservedPerSecond: 0,
        maxPerSecond,
        weight: 1,
      });
    await agree(10);
    // Larger than the burst: it is let in, and those who come next wait for it to be paid off.
    const refused = await eventually(async () => {
      const reply = await ask(key, 100);
      expect(reply.headers.get("ratelimit-policy")).toMatch(/^"contract";q=\d+;w=1$/);
      expect(reply.status).toBe(429);
      return reply;
    });
    expect(await refusal(refused, type, code)).toEqual([429, "over_contract"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get("ratelimit")).toMatch(/^"contract";r=0;t=\d+$/);
    await agree(null);
    await eventually(async () => expect((await ask(key, 1)).headers.has("ratelimit")).toBe(false), 100);
  });

  it("refuses a key from an address that is not its own", async () => {
    expect((await ask(await keyOf(tree.subaccount.id, ["127.0.0.0/8"]), 1)).status).toBe(202);
    const elsewhere = await ask(await keyOf(tree.subaccount.id, ["192.0.2.0/24"]), 1);
    expect(await refusal(elsewhere, type, code)).toEqual([403, "ip_not_allowed"]);
  });
});
