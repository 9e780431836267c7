/** The typed client of the documentation runs, and gives the same figures as the JSON API. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { follow, sendOne } from "#docs/api/examples/client.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey, openEdges } from "#tests/edges.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openEdges(db);
let key = "";

beforeAll(async () => {
  const { subaccount } = await makeSendingTree(db);
  key = await makeKey(db, subaccount.id, ["messages.send", "messages.read"]);
});
afterAll(close);

it("sends, follows, and costs over tRPC what it costs over JSON", async () => {
  const wish = { sender: "ACME", to: nextNumber(), text: "Xin chào" };
  const quoted = await sendOne(address, key, wish, { dryRun: true });
  const sent = await sendOne(address, key, wish);
  expect(sent.status).toBe("queued");
  expect(sent.prices).toEqual(quoted.prices);
  expect(await follow(address, key, sent.id)).toEqual({ status: "queued", steps: ["accepted"] });

  const response = await fetch(`${address}/api/v1/messages?dry_run=true`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(wish),
  });
  const { messages } = (await response.json()) as { messages: { parts: number; prices: { total: object }[] }[] };
  expect(messages[0]?.parts).toBe(sent.parts);
  expect(messages[0]?.prices.map((price) => price.total)).toEqual(
    sent.prices.map((price) => ({ amount: formatMicros(price.totalMicros, price.currency), currency: price.currency })),
  );
});

it("says why a message was refused", async () => {
  const refused = sendOne(address, key, { sender: "NOBODY", to: nextNumber(), text: "x" });
  await expect(refused).rejects.toThrow(/^sender_not_approved: /);
});
