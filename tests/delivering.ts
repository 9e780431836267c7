/** Gives suites a carrier, a worker that is bound to it, and messages to send: everything between submit and receipt. */

import { eq } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import type { Database } from "#db/client.ts";
import { connectors, routes } from "#db/schema/routing.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import type { SubmitItem } from "#server/domain/messages/input.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, type SendingTree, send } from "#tests/sending.ts";
import type { SimulatorSettings } from "#workers/simulator/settings.ts";
import { Smsc } from "#workers/simulator/smsc.ts";
import { Fleet } from "#workers/smpp-client/fleet.ts";

export const workerContext = (db: Database): Context =>
  jobContext({ db, clock: systemClock }, "worker", nilId, newId());

export const quick: Partial<SimulatorSettings> = {
  latencyMs: 1,
  latencyJitterMs: 1,
  receiptDelayMs: 10,
  receiptJitterMs: 10,
};

export async function startCarrier(settings: Partial<SimulatorSettings> = {}): Promise<{ smsc: Smsc; port: number }> {
  const smsc = new Smsc({ settings: { ...quick, ...settings }, password: "s3cret!" });
  const port = await smsc.listen(0);
  onTestFinished(() => smsc.close());
  return { smsc, port };
}

type ConnectorChange = Partial<typeof connectors.$inferInsert>;

export async function changeConnector(db: Database, id: string, change: ConnectorChange): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db.asSystem((tx) => tx.db.update(connectors).set(change).where(eq(connectors.id, id)));
}

/** A tree whose one route leads to this port. */
export async function makeDeliveringTree(
  db: Database,
  port: number,
  change: ConnectorChange = {},
): Promise<SendingTree> {
  // Connectors of earlier tests would be driven as well.
  await db.sql`update connectors set status = 'disabled'`;
  const tree = await makeSendingTree(db);
  await changeConnector(db, tree.connector.id, { port, windowSize: 100, ...change });
  return tree;
}

/** A connector and a route beside the tree's own for each port, all of one weight. */
export async function makeMoreConnectors(
  db: Database,
  { tenantId }: { tenantId: string },
  ports: readonly number[],
  change: ConnectorChange = {},
): Promise<void> {
  const rows = ports.map((port) => {
    const id = newId();
    const account = { host: "127.0.0.1", port, systemId: "banyan", passwordSealed: seal("s3cret!", id) };
    return { id, tenantId, name: `Carrier ${port}`, ...account, ...change };
  });
  await db.asSystem(async (tx) => {
    await tx.db.insert(connectors).values(rows);
    await tx.db.insert(routes).values(rows.map(({ id }) => ({ id: newId(), tenantId, connectorId: id })));
  });
}

let counter = 0;
/** A Vinaphone number that nobody had before; ends in 55, or as asked (see docs/simulator.md). */
export function plainNumber(ending = "0055"): string {
  counter += 1;
  return `8491${String(counter).padStart(7 - ending.length, "0")}${ending}`;
}

export async function startFleet(db: Database): Promise<Fleet> {
  const fleet = new Fleet(db);
  onTestFinished(() => fleet.stop());
  await fleet.start();
  return fleet;
}

/** Sends as the sub-account, three levels under the aggregator. @returns the messages' ids */
export async function sendFrom(db: Database, tree: SendingTree, items: Partial<SubmitItem>[]): Promise<string[]> {
  const outcomes = await send(contextFor(db, tree.subaccount.id), items.map(itemOf));
  for (const outcome of outcomes) if (outcome.status !== "queued") throw new Error(JSON.stringify(outcome.error));
  return outcomes.map((outcome) => outcome.id);
}

/** How many of these messages have each status. */
export async function statusesOf(db: Database, ids: string[]): Promise<Record<string, number>> {
  const rows = await db.sql<{ status: string; count: number }[]>`
    select status, count(*)::int as count from messages where id = any(${ids}::uuid[]) group by status`;
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}

/** Waits until so many of these messages have each status. */
export const becomingIn = (db: Database) => (ids: string[], expected: Record<string, number>) =>
  eventually(async () => expect(await statusesOf(db, ids)).toEqual(expected));

/** How many others a carrier took before the last one to these numbers: its order tells whose turn it was, at any speed. */
export function othersBefore({ memory }: Smsc, numbers: readonly string[]): number {
  const own = new Set(numbers);
  const order = [...memory.counts()].map(([msisdn]) => msisdn);
  const last = order.findLastIndex((msisdn) => own.has(msisdn));
  return order.slice(0, last + 1).filter((msisdn) => !own.has(msisdn)).length;
}

/** Throws unless the ledger sums to zero, balances equal entries, and the messages' money equals it at every hop. */
export async function expectCleanLedger(db: Database, tree: SendingTree): Promise<void> {
  const proof = await prove(contextFor(db, tree.aggregator.id));
  if (!proof.isClean) {
    const text = JSON.stringify(proof.differences, (_, v) => (typeof v === "bigint" ? v.toString() : v));
    throw new Error(`The ledger does not agree: ${text}`);
  }
}
