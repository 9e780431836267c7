/** Carriers that go away or refuse for a while: what waits takes the next route, once, and nothing that may be at a carrier moves. */
import { describe, expect, it } from "vitest";
import { getMessage } from "#server/domain/messages/get.ts";
import { setConnectorError } from "#server/domain/routing/connector-errors.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { newId } from "#server/kernel/id.ts";
import { ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  changeConnector,
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";

const db = await testDatabase(10);
const become = becomingIn(db);
const numbers = (count: number) => Array.from({ length: count }, () => ({ to: plainNumber() }));

type Change = Parameters<typeof changeConnector>[2];

/** A first route to `port`, and a second one behind it to a simulated carrier. */
async function twoRoutes(port: number, first: Change = {}, second: Change = {}) {
  const tree = await makeDeliveringTree(db, port, { failoverAfterSeconds: 1, ...first });
  const behind = await startCarrier();
  const { id } = await makeConnector(db, tree.aggregator.id, "Behind");
  await changeConnector(db, id, { port: behind.port, failoverAfterSeconds: 1, ...second });
  await createRoute(contextFor(db, tree.aggregator.id), { id: newId(), connectorId: id, priority: 200 });
  return { tree, behind: { ...behind, id } };
}

const stateOf = async (connectorId: string) =>
  (await db.sql`select state from connector_binds where connector_id = ${connectorId}`)[0]?.state;

describe("failover", () => {
  it("moves what waits for a carrier that is away, with its validity, and says so to everybody without names", async () => {
    const { smsc, port } = await startCarrier({ refusesBinds: true });
    const { tree, behind } = await twoRoutes(port);
    const ids = await sendFrom(db, tree, numbers(20));
    const validity = () => db.sql`select id, valid_until from messages where id = any(${ids}::uuid[]) order by id`;
    const before = await validity();
    await startFleet(db);
    await become(ids, { delivered: 20 });
    expect(await validity()).toEqual(before);
    expect(behind.smsc.memory.stats).toMatchObject({ accepted: 20, duplicates: 0 });
    expect(smsc.memory.stats.submits).toBe(0);
    const [id = ""] = ids;
    const moved = async (tenantId: string) =>
      (await getMessage(contextFor(db, tenantId), { id })).timeline.find((event) => event.kind === "moved")?.detail;
    expect(await moved(tree.aggregator.id)).toMatchObject({
      why: "unbound",
      connectorId: tree.connector.id,
      toConnectorId: behind.id,
    });
    expect(await moved(tree.subaccount.id)).toEqual({});
    await expectCleanLedger(db, tree);
  });

  it("moves what a mapped error refuses, and gives up by the rules of the last carrier when there is no other", async () => {
    const refuses = wellMannered((pdu, wire) => wire.send("submit_sm_resp", 0x401, pdu.sequence_number));
    const { carrier, port } = await ScriptedCarrier.start(refuses);
    const { tree, behind } = await twoRoutes(port, { maxAttempts: 2 });
    const ctx = contextFor(db, tree.aggregator.id);
    const { id: connectorId } = tree.connector;
    await setConnectorError(ctx, { connectorId, kind: "submit", code: "0x401", verdict: "failover" });
    await startFleet(db);
    await eventually(async () => expect(await stateOf(behind.id)).toBe("bound"));
    const ids = await sendFrom(db, tree, numbers(5));
    await become(ids, { delivered: 5 });
    expect(carrier.count("submit_sm")).toBe(5);
    await changeConnector(db, connectorId, { maxMoves: 0 });
    await eventually(() => expect(carrier.connections).toBe(2));
    const stay = await sendFrom(db, tree, numbers(2));
    await become(stay, { failed: 2 });
    expect(behind.smsc.memory.stats.accepted).toBe(5);
    await expectCleanLedger(db, tree);
  });

  it("leaves alone what may be at the carrier: lost answers, parts that were taken, and what has moved enough", async () => {
    let isCut = false;
    const { carrier, port } = await ScriptedCarrier.start((pdu, wire, self) => {
      if (isCut) return wire.cut();
      wellMannered((submit, wire) => {
        const part = submit.short_message?.[5];
        if (submit.esm_class && part === 1) {
          wire.send("submit_sm_resp", 0, submit.sequence_number, { message_id: "taken" });
        } else if (submit.esm_class) wire.send("submit_sm_resp", 0x08, submit.sequence_number);
        // The short one is never answered: the line is cut with it on the wire.
        if (self.count("submit_sm") < 3) return;
        isCut = true;
        wire.cut();
      })(pdu, wire, self);
    });
    const { tree, behind } = await twoRoutes(port, { unknownPolicy: "resend", responseTimeoutMs: 20_000 });
    const text = "Two parts of plain text, one after the other, until it is long enough. ".repeat(3);
    await startFleet(db);
    await eventually(async () => expect(await stateOf(tree.connector.id)).toBe("bound"));
    const onWire = await sendFrom(db, tree, [{ to: plainNumber(), text }, { to: plainNumber() }]);
    await eventually(() => expect(isCut).toBe(true));
    const [enough = "", free = ""] = await sendFrom(db, tree, numbers(2));
    await db.sql`update send_queue set tried = ${[newId(), newId()]}::uuid[] where message_id = ${enough}`;
    await become([free], { delivered: 1 });
    expect(await statusesOf(db, [...onWire, enough])).toEqual({ queued: 3 });
    expect(behind.smsc.memory.stats.accepted).toBe(1);
    const [{ marked } = { marked: 0 }] = await db.sql<{ marked: number }[]>`
      select count(*)::int as marked from messages where id = any(${onWire}::uuid[]) and possible_duplicate`;
    expect(marked).toBeGreaterThan(0);
    expect(carrier.count("submit_sm")).toBe(3);
    await expectCleanLedger(db, tree);
  });

  it("does not send in a ring: two carriers that are both away keep what they have", async () => {
    const { port } = await startCarrier({ refusesBinds: true });
    const { tree, behind } = await twoRoutes(port);
    behind.smsc.settings = { ...behind.smsc.settings, refusesBinds: true };
    const ids = await sendFrom(db, tree, numbers(3));
    await startFleet(db);
    const looks = async () =>
      (await db.sql`select count(*)::int as n from connector_binds where state = 'waiting'`)[0]?.n as number;
    await eventually(async () => expect(await looks()).toBe(2));
    behind.smsc.settings = { ...behind.smsc.settings, refusesBinds: false };
    await become(ids, { delivered: 3 });
    const [row] = await db.sql`
      select count(*)::int as n from message_events where kind = 'moved' and message_id = any(${ids}::uuid[])`;
    expect(row?.n).toBe(3);
    await expectCleanLedger(db, tree);
  });
});
