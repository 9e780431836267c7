/** Postgres is killed while the worker sends: nothing is lost, nothing goes out twice, the ledger agrees afterwards. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { openFolder } from "#scripts/open-folder.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startCarrier,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { startWorker } from "#tests/worker-process.ts";

const windowSize = 40;

/** As the supervisor does: a worker that dies is started again, until it is wanted no more. */
function keepRunning(settings: Record<string, string>): void {
  let isWanted = true;
  onTestFinished(() => {
    isWanted = false;
  });
  const run = async () => {
    while (isWanted) {
      const worker = await startWorker("workers/smpp-client/main.ts", 1, settings).catch(() => null);
      await worker?.ended;
    }
  };
  void run();
}

it("a kill of the database in the middle: each recipient once, or unknown by policy", async () => {
  const folder = openFolder("crash");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = { dataDir: path.join(folder, "data"), port: await freePort() };
  const first = await startEmbeddedPostgres(options);
  onTestFinished(() => {
    first.process.kill("SIGKILL");
  });
  await migrate(first.url);
  const db = connect({ url: first.url, poolSize: 8, name: "test" });
  onTestFinished(() => db.close());
  const { smsc, port } = await startCarrier({ latencyMs: 40, receiptDelayMs: 100, magicNumbers: false });
  const tree = await makeDeliveringTree(db, port, { windowSize, unknownPolicy: "wait" });
  const ids = await sendFrom(
    db,
    tree,
    Array.from({ length: 500 }, () => ({ to: plainNumber("") })),
  );
  keepRunning({ DATABASE_URL: first.url });
  await eventually(() => expect(smsc.memory.stats.accepted).toBeGreaterThan(120), 10);
  const ended = once(first.process, "exit");
  first.process.kill("SIGKILL");
  await ended;
  const second = await startEmbeddedPostgres(options);
  onTestFinished(() => second.stop());
  await eventually(async () => {
    const { delivered = 0, unknown = 0, ...others } = await statusesOf(db, ids);
    const reached = smsc.memory.stats.recipients;
    expect({ delivered, unknown, others }).toEqual({ delivered: reached, unknown: 500 - reached, others: {} });
  }, 200);
  expect(smsc.memory.stats.duplicates).toBe(0);
  expect(smsc.memory.stats.recipients).toBeGreaterThanOrEqual(500 - windowSize);
  expect([...smsc.memory.counts()].filter(([, count]) => count !== 1)).toEqual([]);
  await expectCleanLedger(db, tree);
});
