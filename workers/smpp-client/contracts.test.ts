/** Contracts on the wire: a bound that holds, reservations with a slow carrier, and messages that are too late to send. */
import { expect, it } from "vitest";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  changeConnector,
  expectCleanLedger,
  makeDeliveringTree,
  othersBefore,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
  statusesOf,
  workerContext,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeConnector, type SendingTree, send } from "#tests/sending.ts";

const db = await testDatabase(10);

const become = becomingIn(db);
const contractOf = (tree: SendingTree, tenantId: string, reservedPerSecond: number, maxPerSecond: number | null) =>
  setContract(contextFor(db, tree.aggregator.id), { tenantId, reservedPerSecond, maxPerSecond, weight: 1 });

it("sends no faster than the contract, and all of it", async () => {
  const { smsc, port } = await startCarrier();
  const tree = await makeDeliveringTree(db, port);
  await contractOf(tree, tree.company.id, 0, 40);
  const ids = await sendFrom(
    db,
    tree,
    Array.from({ length: 120 }, () => ({ to: plainNumber() })),
  );
  const fromMs = performance.now();
  await startFleet(db);
  await eventually(() => expect(smsc.memory.stats.accepted).toBe(120), 5);
  // The first second's worth was saved up.
  const seconds = (performance.now() - fromMs) / 1_000;
  expect(seconds).toBeGreaterThan((120 - 41) / 40 - 0.1);
  await become(ids, { delivered: 120 });
  await expectCleanLedger(db, tree);
});

it("keeps to one contract over two workers with a connector each", async () => {
  const carriers = [await startCarrier(), await startCarrier()];
  const [port = 0, otherPort = 0] = carriers.map((carrier) => carrier.port);
  const tree = await makeDeliveringTree(db, port);
  const second = await makeConnector(db, tree.aggregator.id, "Second");
  await changeConnector(db, second.id, { port: otherPort, windowSize: 100 });
  await contractOf(tree, tree.company.id, 0, 20);
  const fleets = [await startFleet(db), await startFleet(db)];
  await eventually(() => expect(fleets.map((fleet) => fleet.boundCount)).toEqual([1, 1]), 20);
  const readyAtMs = Date.now() + 3_000;
  const item = () => ({ to: plainNumber(), sendAt: new Date(readyAtMs) });
  const ids = await sendFrom(db, tree, Array.from({ length: 200 }, item));
  await db.sql`update send_queue set connector_id = ${second.id} where message_id = any (${ids.slice(100)}::uuid[])`;
  await db.sql`update messages set connector_id = ${second.id} where id = any (${ids.slice(100)}::uuid[])`;
  const accepted = () => carriers.reduce((sum, { smsc }) => sum + smsc.memory.stats.accepted, 0);
  await eventually(() => expect(accepted()).toBe(200), 5);
  const seconds = (Date.now() - readyAtMs) / 1_000;
  // Each had half a second's worth saved up; and who begins first counts with all until it has heard of the other, which
  // may take a slow machine some seconds. Each with a contract of its own, they would be over after four.
  expect(seconds).toBeGreaterThan((200 - 22 - 2 * 20) / 20 - 0.5);
  await become(ids, { delivered: 200 });
});

it("gives a tenant what it has reserved, while another has much more waiting", async () => {
  const { smsc, port } = await startCarrier();
  // Few enough to be reached by any machine, however slow.
  const tree = await makeDeliveringTree(db, port, { maxPerSecond: 25 });
  await contractOf(tree, tree.company.id, 22, null);
  await contractOf(tree, tree.sibling.id, 20, null);
  await sendFrom(
    db,
    tree,
    Array.from({ length: 200 }, () => ({ to: plainNumber() })),
  );
  const own = await send(
    contextFor(db, tree.sibling.id),
    Array.from({ length: 60 }, () => itemOf({ to: plainNumber(), class: "bulk" })),
  );
  const ids = own.map((outcome) => outcome.id);
  await startFleet(db);
  await become(ids, { delivered: 60 });
  // At 20 of 25 a second, the other has about a fifth meanwhile: the rest of the carrier's time, and no more.
  const others = othersBefore(
    smsc,
    own.map(({ to }) => to),
  );
  expect(others).toBeLessThan(45);
  console.info(`${others} others before the last of 60 reserved ones`);
});

it("expires and gives back a one-time code that could not go in time; it is never on the wire", async () => {
  const { smsc, port } = await startCarrier();
  const tree = await makeDeliveringTree(db, port);
  const submit = async (seconds: number) => {
    const item = itemOf({ to: plainNumber(), class: "otp", validUntil: new Date(Date.now() + seconds * 1_000) });
    return (await send(contextFor(db, tree.subaccount.id), [item]))[0]?.id ?? "";
  };
  // Held back by nobody driving the connector until it is over; then by the contract of a message a second.
  const late = await Promise.all(Array.from({ length: 5 }, () => submit(60)));
  await contractOf(tree, tree.company.id, 0, 1);
  const heldAtHops = await db.sql`select distinct hop from rate_hops h join messages m on m.rate_id = h.rate_id
    where m.id = any (${late}::uuid[])`;
  expect(heldAtHops).toHaveLength(3);
  await expireQueued({ ...workerContext(db), clock: { now: () => new Date(Date.now() + 60_001) } });
  expect(await statusesOf(db, late)).toEqual({ expired: 5 });
  const held = await Promise.all(Array.from({ length: 12 }, () => submit(4)));
  const fleet = await startFleet(db);
  await eventually(async () => {
    await expireQueued(workerContext(db));
    const { expired = 0, delivered = 0 } = await statusesOf(db, held);
    expect(expired).toBeGreaterThan(3);
    expect(expired + delivered).toBe(12);
  }, 100);
  await fleet.stop();
  const sent = await statusesOf(db, held);
  expect(smsc.memory.stats.submits).toBe(sent.delivered);
  const wrong = await db.sql`select id from messages where id = any (${[...late, ...held]}::uuid[])
    and ((status = 'expired' and charge_stage <> 4) or (status = 'expired' and sent_at is not null))`;
  expect(wrong).toEqual([]);
  await expectCleanLedger(db, tree);
});
