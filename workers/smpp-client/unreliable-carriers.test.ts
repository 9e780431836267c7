/** Many carriers at their worst: 1,000 cuts between submit and answer, and every kind of receipt; all matched, none paid twice. */
import { expect, it } from "vitest";
import { newTally, startUnreliable } from "#tests/carriers/unreliable.ts";
import { testDatabase } from "#tests/database.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  makeMoreConnectors,
  plainNumber,
  sendFrom,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";

const db = await testDatabase(10);
const carriers = 200;
const messages = 1_900;
const cutsWanted = 1_000;

it("end every message once, whatever they do", async () => {
  const tally = newTally();
  // Each cuts a few times only: after every cut its line comes back later.
  const faults = { cuts: 7, cutsOfAll: cutsWanted, throttlePercent: 30 };
  const ports = await Promise.all(Array.from({ length: carriers }, () => startUnreliable(tally, faults)));
  const settings = { bindCount: 2, windowSize: 2, unknownPolicy: "wait", failoverAfterSeconds: 0 } as const;
  const tree = await makeDeliveringTree(db, ports[0] ?? 0, settings);
  await makeMoreConnectors(db, tree.connector, ports.slice(1), settings);
  await startFleet(db);
  const fromMs = performance.now();
  const ids = await sendFrom(
    db,
    tree,
    Array.from({ length: messages }, () => ({ to: plainNumber("") })),
  );
  // What was in a line when it was cut reached nobody: it stays unknown, as the policy says, and is never sent again.
  await eventually(async () => {
    const { delivered = 0, unknown = 0, ...others } = await statusesOf(db, ids);
    expect({ delivered, unknown, others }).toEqual({
      delivered: tally.accepted.size,
      unknown: messages - tally.accepted.size,
      others: {},
    });
  }, 500);
  const seconds = (performance.now() - fromMs) / 1_000;
  console.info(
    `${messages} messages, ${messages - tally.accepted.size} lost in a line, ${tally.cuts} cuts, ${tally.throttled} of ${tally.submits} submits throttled, ` +
      `${tally.receipts} receipts, ${tally.strangers} of them nobody's: ${seconds.toFixed(1)} s`,
  );
  expect(tally.cuts).toBe(cutsWanted);
  expect(tally.throttled / tally.submits).toBeGreaterThan(0.25);
  expect(tally.throttled / tally.submits).toBeLessThan(0.35);
  expect([...tally.accepted.values()].every((times) => times === 1)).toBe(true);
  // Every kind of answer and of receipt was there, many times.
  expect(Math.min(tally.early, tally.twice, ...Object.values(tally.answers))).toBeGreaterThan(20);
  expect(tally.strangers).toBeGreaterThan(5);
  const [resolved] = await db.sql<{ n: number }[]>`
    select count(distinct message_id)::int as n from message_events where kind = 'resolved'`;
  expect(resolved?.n).toBeGreaterThanOrEqual(cutsWanted / 2);
  await eventually(async () => {
    const [parked] = await db.sql<{ open: number; strangers: number }[]>`
        select count(*) filter (where carrier_id not like 'stranger-%')::int as open,
          count(*) filter (where carrier_id like 'stranger-%')::int as strangers
        from parked_receipts where resolved_at is null`;
    expect(parked).toEqual({ open: 0, strangers: tally.strangers });
  }, 200);
  await expectCleanLedger(db, tree);
  const { delivered = 0, unknown = 0 } = await statusesOf(db, ids);
  await db.sql`update send_queue set leased_at = leased_at - interval '100 hours'`;
  await eventually(
    async () => expect(await statusesOf(db, ids)).toEqual(unknown > 0 ? { delivered, failed: unknown } : { delivered }),
    200,
  );
  expect(await db.sql`select * from send_queue`).toHaveLength(0);
  await expectCleanLedger(db, tree);
});
