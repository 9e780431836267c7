/** A bind dials nowhere that the guard refuses, also when the connector was saved before the guard refused it. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { env } from "#env.ts";
import { loadConnectors } from "#server/domain/delivery/load-connectors.ts";
import { updateConnector } from "#server/domain/routing/update-connector.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";
import { Bind, RetryGate } from "#workers/smpp-client/bind.ts";

const db = await testDatabase();

it("does not reach a private place that nobody allowed, and says why", async () => {
  let connections = 0;
  const listening = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const tree = await makeTree(db);
  const { id } = await makeConnector(db, tree.company.id);
  await updateConnector(contextFor(db, tree.company.id), { id, port });
  const job = jobContext({ db, clock: systemClock }, "smpp-client", nilId, newId());
  const [connector] = await loadConnectors(job);
  if (!connector) throw new Error("no connector");

  const tryOnce = async (allowed: string[]) => {
    const before = env.OUTBOUND_PRIVATE;
    env.OUTBOUND_PRIVATE = allowed;
    let isWaiting = () => {};
    const waits = new Promise<void>((resolve) => {
      isWaiting = resolve;
    });
    const onChange = () => bind.report.state === "waiting" && isWaiting();
    const bind: Bind = new Bind(connector, 1, "bind_transceiver", new RetryGate(), { onDeliver: () => {}, onChange });
    bind.start();
    await waits;
    env.OUTBOUND_PRIVATE = before;
    await bind.stop();
    return bind.report.lastError;
  };
  expect(await tryOnce([`127.0.0.1:${port + 1}`])).toMatch(/private network/);
  expect(connections).toBe(0);
  expect(await tryOnce([`127.0.0.1:${port}`])).toMatch(/closed|refused/);
  expect(connections).toBe(1);
  listening.close();
});
