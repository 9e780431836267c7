/**
 * Two of each over one database: gateways, SMPP servers and SMPP workers as processes of their own. Contracts hold over
 * all of them together, and of each one may be killed: the other goes on, nothing is lost, nothing is sent twice.
 */
import { expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { makeAccount } from "#tests/binding.ts";
import { clientsOf, HttpClient } from "#tests/changing-clients.ts";
import { testDatabase } from "#tests/database.ts";
import {
  type changeConnector,
  expectCleanLedger,
  makeDeliveringTree,
  makeMoreConnectors,
  othersBefore,
  plainNumber,
  sendFrom,
  startCarrier,
  statusesOf,
} from "#tests/delivering.ts";
import { makeKey } from "#tests/edges.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, type SendingTree, send } from "#tests/sending.ts";
import { startWorker, type WorkerProcess } from "#tests/worker-process.ts";

const db = await testDatabase(6);
const two = [0, 1] as const;
const windowSize = 20;

type Placed = { worker: WorkerProcess; port: number };

/** Each with a pool as small as it goes: a hundred connections are soon used up. */
const settings = () => ({ DATABASE_URL: db.url, DATABASE_POOL: "4" });
async function placed(script: string, offset: number, portName: string): Promise<Placed> {
  const port = await freePort();
  return { port, worker: await startWorker(script, offset, { ...settings(), [portName]: `${port}` }) };
}
const gateways = () => Promise.all(two.map(() => placed("workers/gateway/main.ts", 0, "PORT")));
const servers = () => Promise.all(two.map(() => placed("workers/smpp-server/main.ts", 5, "SMPP_PORT")));
const clients = () => Promise.all(two.map(() => startWorker("workers/smpp-client/main.ts", 1, settings())));

async function makeWorld(change: Parameters<typeof changeConnector>[2] = {}) {
  const carriers = await Promise.all(
    two.map(() => startCarrier({ latencyMs: 20, receiptDelayMs: 50, magicNumbers: false })),
  );
  const wanted = { windowSize, unknownPolicy: "wait" as const, ...change };
  const tree = await makeDeliveringTree(db, carriers[0]?.port ?? 0, wanted);
  await makeMoreConnectors(db, { tenantId: tree.aggregator.id }, [carriers[1]?.port ?? 0], wanted);
  return { carriers, tree };
}

const contractOf = (tree: SendingTree, tenantId: string, reservedPerSecond: number, maxPerSecond: number | null) =>
  setContract(contextFor(db, tree.aggregator.id), { tenantId, reservedPerSecond, maxPerSecond, weight: 1 });

const numbers = (count: number) => Array.from({ length: count }, () => plainNumber(""));

it("keep one contract over two gateways and two SMPP servers, as one gateway keeps it alone", async () => {
  const { tree } = await makeWorld();
  // Few enough to be reached by any machine, however slow.
  const mostPerSecond = 5;
  await contractOf(tree, tree.partner.id, 0, mostPerSecond);
  await contractOf(tree, tree.sibling.id, 0, mostPerSecond);
  const [edges, binds] = [await gateways(), await servers()];
  const key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
  const account = await makeAccount(db, tree.partner.id, { maxBinds: 4 });
  const { http, smpp, accepted } = clientsOf(edges, binds, { key, account });
  // The measure: the same contract, with all of its clients at one process.
  const siblingsKey = await makeKey(db, tree.sibling.id, ["messages.send"]);
  const measure = [0, 1, 2, 3].map(() => new HttpClient([edges[0]?.port ?? 0], siblingsKey, 0));
  const measured = () => measure.reduce((sum, client) => sum + client.ids.length, 0);
  let isOver = false;
  const until = () => isOver;
  const floods = [
    ...[...http, ...measure].map(async (client) => {
      while (!isOver) await client.post(numbers(1), until);
    }),
    ...smpp.map((client) => client.flood(4, until)),
  ];
  await eventually(() => expect(measured()).toBeGreaterThan(mostPerSecond * 12));
  const [together, alone] = [accepted(), measured()];
  isOver = true;
  await Promise.all(floods);
  // Both had the same time. Each process begins with a second's worth of its own; if each kept the contract for itself,
  // the four would have let in four times as much as one.
  expect(together).toBeLessThan(alone * 2.5);
  expect([...http, ...smpp].filter((client) => client.ids.length === 0)).toEqual([]);
  const throttled = [[...http, ...smpp], measure].map((group) => group.reduce((sum, one) => sum + one.throttled, 0));
  expect(Math.min(...throttled)).toBeGreaterThan(0);
  console.info(`${together} let in by four processes under a contract of ${mostPerSecond}/s, ${alone} by one alone`);
});

it("give a tenant what it has reserved over two SMPP workers, while another has much more waiting", async () => {
  const { carriers, tree } = await makeWorld({ maxPerSecond: 25 });
  await contractOf(tree, tree.company.id, 45, null);
  await contractOf(tree, tree.sibling.id, 40, null);
  await sendFrom(
    db,
    tree,
    numbers(800).map((to) => ({ to, class: "bulk" as const })),
  );
  const own = await send(
    contextFor(db, tree.sibling.id),
    numbers(160).map((to) => itemOf({ to, class: "bulk" })),
  );
  const ids = own.map((outcome) => outcome.id);
  await clients();
  await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ delivered: 160 }));
  // Of fifty a second forty are reserved: the other had about a fifth before the last of them went.
  const ownNumbers = own.map(({ to }) => to);
  const others = carriers.reduce((sum, { smsc }) => sum + othersBefore(smsc, ownNumbers), 0);
  expect(others).toBeLessThan(120);
  console.info(`${others} others before the last of ${ids.length} reserved ones`);
});

it("go on when one of each is killed: nothing lost, nothing sent twice, the books agree", async () => {
  const { carriers, tree } = await makeWorld();
  await contractOf(tree, tree.company.id, 0, null);
  const [edges, binds, workers] = [await gateways(), await servers(), await clients()];
  // Each drives one of the two connectors before the first message comes.
  await eventually(async () => {
    const leases = await db.sql`select distinct owner from connector_leases where expires_at > now()`;
    expect(leases).toHaveLength(2);
  });
  const key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
  const account = await makeAccount(db, tree.partner.id, { maxBinds: 10 });
  const { http, smpp, accepted } = clientsOf(edges, binds, { key, account });
  let isOver = false;
  const until = () => isOver;
  const posted: string[] = [];
  const floods = [
    ...http.map(async (client) => {
      while (!isOver) {
        const to = numbers(5);
        posted.push(...to);
        await client.post(to, () => false);
      }
    }),
    ...smpp.map((client) => client.flood(5, until)),
  ];
  await eventually(() => expect(accepted()).toBeGreaterThan(300));
  const onWire = () => carriers.map(({ smsc }) => smsc.memory.stats.accepted);
  await eventually(() => expect(Math.min(...onWire())).toBeGreaterThan(20));
  const killedAtMs = performance.now();
  await Promise.all([edges[0]?.worker, binds[0]?.worker, workers[0]].map((worker) => worker?.kill("SIGKILL")));
  const atKill = accepted();
  await eventually(() => expect(accepted()).toBeGreaterThan(atKill + 300));
  isOver = true;
  await Promise.all(floods);
  expect(http.some((client) => client.changes > 0) && smpp.some((client) => client.changes > 0)).toBe(true);

  // The one that is left drives both connectors.
  await eventually(async () => {
    const [left] = await db.sql`
      select count(*)::int as n, count(distinct owner)::int as owners from connector_leases where expires_at > now()`;
    expect(left).toMatchObject({ n: 2, owners: 1 });
  });
  const tookOverMs = performance.now() - killedAtMs;

  const rows = () => db.sql<{ id: string; msisdn: string; status: string; isMarked: boolean }[]>`
    select id, msisdn, status, possible_duplicate as "isMarked" from messages
    where tenant_id in (${tree.subaccount.id}, ${tree.partner.id})`;
  const sentTo = () => {
    const counts = new Map<string, number>();
    for (const { smsc } of carriers)
      for (const [msisdn, count] of smsc.memory.counts()) counts.set(msisdn, (counts.get(msisdn) ?? 0) + count);
    return counts;
  };
  await eventually(async () => {
    const counts = sentTo();
    const open = (await rows()).filter(
      ({ msisdn, status }) => status !== (counts.has(msisdn) ? "delivered" : "unknown"),
    );
    expect(open).toEqual([]);
  });

  const stored = await rows();
  const known = new Set(stored.map((row) => row.id));
  const acknowledged = [...http, ...smpp].flatMap((client) => client.ids);
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  // What HTTP clients repeated with the same key is there once; SMPP clients may not know of what was under way.
  const perNumber = new Map<string, number>();
  for (const { msisdn } of stored) perNumber.set(msisdn, (perNumber.get(msisdn) ?? 0) + 1);
  expect(posted.filter((msisdn) => perNumber.get(msisdn) !== 1)).toEqual([]);
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(smpp.reduce((sum, one) => sum + one.unanswered, 0));
  expect([...sentTo().values()].filter((count) => count > 1)).toEqual([]);
  const unknown = stored.filter((row) => row.status === "unknown").length;
  expect(unknown).toBeLessThanOrEqual(windowSize);

  // Receipts come to whoever is bound: every one of the messages that ended.
  const ended = stored.filter((row) => row.status === "delivered").map((row) => row.id);
  const ofSmpp = ended.filter((id) => smpp.some((client) => client.ids.includes(id)));
  await eventually(() => {
    const told = new Set(smpp.flatMap((client) => [...client.hear()]));
    expect(ofSmpp.filter((id) => !told.has(id))).toEqual([]);
  });
  await expectCleanLedger(db, tree);
  console.info(
    `${acknowledged.length} acknowledged over two of each, one of each killed: lost 0, sent twice 0, unknown ${unknown}; ` +
      `the other had its connector ${(tookOverMs / 1_000).toFixed(1)} s after the kill`,
  );
});
