/** A hundred carriers at once: one worker binds to all and sends over each; two share them; a killed one is followed at once. */
import { describe, expect, it } from "vitest";
import { receiptFor, ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
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
import { startWorker, type WorkerProcess } from "#tests/worker-process.ts";

const db = await testDatabase(10);
const count = 100;

/** Takes everything and reports on it at once. Counts its binds, so that a takeover shows. */
async function startCarriers() {
  const binds: number[] = Array(count).fill(0);
  const submits: number[] = Array(count).fill(0);
  const started = await Promise.all(
    binds.map((_, index) =>
      ScriptedCarrier.start((pdu, wire, self) => {
        if (pdu.command === "bind_transceiver") binds[index] = (binds[index] ?? 0) + 1;
        wellMannered((submit, wire) => {
          submits[index] = (submits[index] ?? 0) + 1;
          const id = `${index}-${submits[index]}`;
          wire.send("submit_sm_resp", 0, submit.sequence_number, { message_id: id });
          wire.send("deliver_sm", 0, 1_000 + submit.sequence_number, receiptFor(submit, id));
        })(pdu, wire, self);
      }),
    ),
  );
  return { binds, submits, ports: started.map(({ port }) => port) };
}

const leases = async () => {
  const rows = await db.sql<{ owner: string; count: number }[]>`
    select owner, count(*)::int as count from connector_leases l join connectors c on c.id = l.connector_id
    where l.expires_at > now() and c.status = 'enabled' group by owner order by owner`;
  return rows.map((row) => row.count);
};
/** Long enough for every chore of a worker that looks for work. */
const stretchMs = 4_000;

/** So far, in all. */
async function counted(worker: WorkerProcess) {
  const [row] = await db.sql<{ n: number }[]>`
    select xact_commit::int as n from pg_stat_database where datname = current_database()`;
  return { transactions: row?.n ?? 0, cpu: worker.usage().cpuSeconds, seconds: performance.now() / 1_000 };
}
const messages = (n: number) => Array.from({ length: n }, () => ({ to: plainNumber("") }));

describe("a hundred connectors", () => {
  it("are bound by one worker, all with traffic, and cost little while there is none", async () => {
    const { binds, submits, ports } = await startCarriers();
    const tree = await makeDeliveringTree(db, ports[0] ?? 0);
    await makeMoreConnectors(db, tree.connector, ports.slice(1));
    const worker = await startWorker("workers/smpp-client/main.ts", 1, { DATABASE_URL: db.url });
    await eventually(() => expect(binds.every((n) => n === 1)).toBe(true));
    const ids = await sendFrom(db, tree, messages(2_000));
    await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ delivered: 2_000 }));
    expect(submits.every((n) => n > 0)).toBe(true);
    await expectCleanLedger(db, tree);

    // The database counts a transaction up to some seconds after its end: the first stretches are still the traffic's.
    let last = await counted(worker);
    await eventually(async () => {
      const [before, now] = [last, await counted(worker)];
      last = now;
      const seconds = now.seconds - before.seconds;
      expect(seconds).toBeGreaterThan(stretchMs / 2_000);
      const perSecond = (now.transactions - before.transactions) / seconds;
      const cpuPercent = ((now.cpu - before.cpu) / seconds) * 100;
      // One worker asks for all of them at once, about ten questions a second; each for itself they asked some hundred.
      expect(perSecond).toBeLessThan(count);
      console.info(`100 idle connectors: ${cpuPercent.toFixed(1)} % of a core, ${perSecond.toFixed(0)} transactions/s`);
    }, stretchMs);
    await worker.kill("SIGTERM");
    expect(await leases()).toEqual([]);
  });

  it("are shared by two workers, and after a kill the other one has them all", async () => {
    const { binds, ports } = await startCarriers();
    const tree = await makeDeliveringTree(db, ports[0] ?? 0);
    await makeMoreConnectors(db, tree.connector, ports.slice(1));
    const first = await startWorker("workers/smpp-client/main.ts", 1, { DATABASE_URL: db.url });
    await eventually(async () => expect(await leases()).toEqual([count]));
    await eventually(() => expect(binds.every((n) => n === 1)).toBe(true));
    const second = await startFleet(db);
    await eventually(async () => expect(await leases()).toEqual([50, 50]));
    await eventually(() => expect(second.boundCount).toBe(50));
    expect(binds.reduce((sum, n) => sum + n, 0)).toBe(150);
    const ids = await sendFrom(db, tree, messages(500));
    await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ delivered: 500 }));

    await first.kill("SIGKILL");
    const killedAtMs = performance.now();
    // What the dead one held is free when its last word is so old, whoever looks, and however fast.
    const [kept] = await db.sql<{ seconds: number }[]>`
      select max(extract(epoch from expires_at - now()))::float as seconds from connector_leases`;
    expect(kept?.seconds).toBeLessThanOrEqual(6);
    const late = await sendFrom(db, tree, messages(500));
    await eventually(() => expect(second.boundCount).toBe(count));
    console.info(`Takeover of 50 connectors after a kill: ${((performance.now() - killedAtMs) / 1_000).toFixed(1)} s`);
    await eventually(async () => expect(await statusesOf(db, late)).toEqual({ delivered: 500 }));
    await expectCleanLedger(db, tree);
  });
});
