/** A carrier that sends anything: the worker goes on, its other carriers notice nothing, and no session stays deaf. */
import { expect, it, onTestFinished } from "vitest";
import { HostileCarrier } from "#scripts/hostile/hostile-carrier.ts";
import { testDatabase } from "#tests/database.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  makeMoreConnectors,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";

const db = await testDatabase(10);
const pdus = 5_000;

it("takes mutated PDUs on every line, and is bound and heard when they are over", async () => {
  const hostile = new HostileCarrier();
  const port = await hostile.listen();
  onTestFinished(() => hostile.close());
  const { port: goodPort } = await startCarrier({ magicNumbers: false });
  const quick = { failoverAfterSeconds: 0, responseTimeoutMs: 1_000 };
  const tree = await makeDeliveringTree(db, port, { ...quick, bindCount: 20, windowSize: 5 });
  await makeMoreConnectors(db, tree.connector, [goodPort], quick);
  // Viettel's numbers go to the good one, Vinaphone's to the other.
  await db.sql`
    update routes set operator_id = case connector_id when ${tree.connector.id} then 'vn-vinaphone' else 'vn-viettel' end`;
  const good = Array.from({ length: 50 }, (_, n) => ({ to: `8498${7_000_000 + n}` }));
  await startFleet(db);
  await eventually(() => expect(hostile.connections).toBeGreaterThanOrEqual(20));
  hostile.attack(pdus);
  const bad = await sendFrom(
    db,
    tree,
    Array.from({ length: 50 }, () => ({ to: plainNumber() })),
  );
  const neighbours = await sendFrom(db, tree, good);
  await eventually(async () => expect(await statusesOf(db, neighbours)).toEqual({ delivered: 50 }), 100);
  await eventually(() => expect(hostile.isDone).toBe(true), 100);
  const after = await sendFrom(
    db,
    tree,
    Array.from({ length: 20 }, () => ({ to: plainNumber() })),
  );
  await eventually(async () => expect(await statusesOf(db, after)).toEqual({ sent: 20 }), 100);
  // What the carrier seemed to refuse for a while is tried again, later each time.
  const isOpen = async () => {
    const { queued = 0, sending = 0 } = await statusesOf(db, bad);
    expect({ queued, sending }).toEqual({ queued: 0, sending: 0 });
  };
  await eventually(isOpen, 200);
  await expectCleanLedger(db, tree);
});
