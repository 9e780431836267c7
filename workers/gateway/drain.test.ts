/** Behind a balancer: a gateway that is to stop says so first, and answers what still comes until nobody sends any more. */
import { expect, it } from "vitest";
import { testDatabase } from "#tests/database.ts";
import { openGateway } from "#tests/gateway.ts";

const db = await testDatabase();

it("is not ready from the first moment of its stop, answers meanwhile, and then takes no more", async () => {
  const { address, close } = await openGateway(db, { drainMs: 5_000 });
  expect((await fetch(`${address}/health`)).status).toBe(200);
  const closed = close();
  const health = await fetch(`${address}/health`);
  expect([health.status, await health.json()]).toEqual([503, { name: "gateway", live: true, ready: false }]);
  const answer = await fetch(`${address}/api/v1/messages`, { method: "POST", body: "{}" });
  expect([answer.status, answer.headers.get("connection")]).toEqual([401, "close"]);
  await closed;
  await expect(fetch(`${address}/health`)).rejects.toThrow();
});
