/** The typed client of the documentation runs, and gives the same figures as the JSON API. */
import { once } from "node:events";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiKeys } from "#db/schema/identity.ts";
import { follow, sendOne } from "#docs/api/examples/client.ts";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { hashToken, randomToken } from "#server/kernel/crypto.ts";
import { newId } from "#server/kernel/id.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { appRouter } from "#server/routers/root.ts";
import { testDatabase } from "#tests/database.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { buildGateway } from "#workers/gateway/server.ts";

const db = await testDatabase();
const base = { db, clock: systemClock };
const key = randomToken();

const trpc = createHTTPServer({
  router: appRouter,
  basePath: "/api/trpc/",
  createContext: async ({ req }) => ({
    caller: await authenticateKey(base, { key: (req.headers.authorization ?? "").slice(7), ip: "127.0.0.1" }),
  }),
});
trpc.listen(0, "127.0.0.1");
await once(trpc, "listening");
const web = trpc.address() as { port: number };
const gateway = buildGateway({ base, web: { host: "127.0.0.1", port: web.port } });
const address = `http://127.0.0.1:${await gateway.listen(0, "127.0.0.1")}`;

beforeAll(async () => {
  const { subaccount } = await makeSendingTree(db);
  const scopes = ["messages.send", "messages.read"];
  const row = { id: newId(), tenantId: subaccount.id, name: "client", prefix: "x", keyHash: hashToken(key), scopes };
  await db.asSystem((tx) => tx.db.insert(apiKeys).values({ ...row, allowedIps: [] }));
});
afterAll(async () => {
  await gateway.close();
  trpc.closeAllConnections();
  trpc.close();
});

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
