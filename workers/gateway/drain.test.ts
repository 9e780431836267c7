/** Behind a balancer: a gateway that is to stop says so first, and answers what still comes until nobody sends any more. */
import { expect, it } from "vitest";
import { systemClock } from "#server/kernel/clock.ts";
import { testDatabase } from "#tests/database.ts";
import { buildGateway } from "#workers/gateway/server.ts";

const db = await testDatabase();

it("is not ready from the first moment of its stop, answers meanwhile, and then takes no more", async () => {
  const gateway = buildGateway({
    base: { db, clock: systemClock },
    web: { host: "127.0.0.1", port: 9 },
    drainMs: 1_500,
  });
  const address = `http://127.0.0.1:${await gateway.listen(0, "127.0.0.1")}`;
  expect((await fetch(`${address}/health`)).status).toBe(200);
  const closed = gateway.close();
  const health = await fetch(`${address}/health`);
  expect([health.status, await health.json()]).toEqual([503, { name: "gateway", live: true, ready: false }]);
  const answer = await fetch(`${address}/api/v1/messages`, { method: "POST", body: "{}" });
  expect([answer.status, answer.headers.get("connection")]).toEqual([401, "close"]);
  await closed;
  await expect(fetch(`${address}/health`)).rejects.toThrow();
});
