/** Worker and carrier as processes of their own: killed in the middle, and measured at full speed. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, makeDeliveringTree, plainNumber, sendFrom, statusesOf } from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { startWorker } from "#tests/worker-process.ts";
import type { SimulatorSettings } from "#workers/simulator/settings.ts";

const db = await testDatabase(10);
const client = "workers/smpp-client/main.ts";
const simulator = "workers/simulator/main.ts";

async function carrierProcess(settings: Partial<SimulatorSettings>) {
  const port = await freePort();
  const controlPort = await freePort();
  const journal = path.join(tmpdir(), `simulator-${randomBytes(4).toString("hex")}.ndjson`);
  onTestFinished(() => rmSync(journal, { force: true }));
  const flags = [
    "--port",
    `${port}`,
    "--control-port",
    `${controlPort}`,
    "--journal",
    journal,
    "--password",
    "s3cret!",
  ];
  const start = () => startWorker(simulator, 4, {}, [...flags, "--settings", JSON.stringify(settings)]);
  const get = async <T>(what: string) => (await (await fetch(`http://127.0.0.1:${controlPort}/${what}`)).json()) as T;
  return {
    port,
    start,
    stats: () => get<{ accepted: number }>("stats"),
    counts: () => get<Record<string, number>>("counts"),
  };
}
const clientProcess = () => startWorker(client, 1, { DATABASE_URL: db.url });
const messages = (count: number) =>
  Array.from({ length: count }, () => ({ to: plainNumber(""), class: "bulk" as const }));

/** What reached the carrier is delivered; what was claimed and did not reach it is unknown, at most one window of it. */
async function expectRecovered(ids: string[], carrier: { counts(): Promise<Record<string, number>> }): Promise<void> {
  await eventually(async () => {
    const counts = Object.values(await carrier.counts());
    expect(counts.filter((count) => count > 1)).toEqual([]);
    const { delivered = 0, unknown = 0, ...others } = await statusesOf(db, ids);
    expect({ delivered, unknown, others }).toEqual({
      delivered: counts.length,
      unknown: ids.length - counts.length,
      others: {},
    });
    expect(unknown).toBeLessThanOrEqual(windowSize);
  }, 200);
}
const windowSize = 40;

describe("a kill in the middle", () => {
  it("of the worker: every recipient gets one message, or its fate is unknown by policy", async () => {
    const carrier = await carrierProcess({ latencyMs: 250, receiptDelayMs: 100, magicNumbers: false });
    await carrier.start();
    const tree = await makeDeliveringTree(db, carrier.port, { windowSize, unknownPolicy: "wait" });
    const ids = await sendFrom(db, tree, messages(600));
    const first = await clientProcess();
    await eventually(async () => expect((await carrier.stats()).accepted).toBeGreaterThan(150), 10);
    await first.kill("SIGKILL");
    const leased = await db.sql`select message_id from send_queue where lease_owner is not null`;
    expect(leased.length).toBeGreaterThan(0);
    await clientProcess();
    await expectRecovered(ids, carrier);
    await expectCleanLedger(db, tree);
  });

  it("of the carrier: what it took is delivered after it comes back, nothing is sent twice", async () => {
    const carrier = await carrierProcess({ latencyMs: 250, receiptDelayMs: 300, magicNumbers: false });
    const before = await carrier.start();
    const tree = await makeDeliveringTree(db, carrier.port, { windowSize, unknownPolicy: "wait" });
    const ids = await sendFrom(db, tree, messages(400));
    await clientProcess();
    await eventually(async () => expect((await carrier.stats()).accepted).toBeGreaterThan(100), 10);
    await before.kill("SIGKILL");
    await carrier.start();
    await expectRecovered(ids, carrier);
    await expectCleanLedger(db, tree);
  });
});

describe("speed", () => {
  it("carries 10,000 messages from submit to the last receipt, each once", async () => {
    const carrier = await carrierProcess({ magicNumbers: false });
    const smsc = await carrier.start();
    const tree = await makeDeliveringTree(db, carrier.port, { windowSize: 200, bindCount: 2 });
    const worker = await clientProcess();
    const before = worker.usage();
    const fromMs = performance.now();
    const ids: string[] = [];
    for (let chunk = 0; chunk < 5; chunk += 1) ids.push(...(await sendFrom(db, tree, messages(2_000))));
    const queuedMs = performance.now() - fromMs;
    await eventually(async () => expect((await statusesOf(db, ids)).delivered).toBe(10_000), 100);
    const seconds = (performance.now() - fromMs) / 1_000;
    const cpu = worker.usage().cpuSeconds - before.cpuSeconds;
    console.info(
      `10,000 messages, submit to last receipt: ${seconds.toFixed(1)} s (${Math.round(10_000 / seconds)}/s; submits done ` +
        `after ${(queuedMs / 1_000).toFixed(1)} s); smpp-client ${cpu.toFixed(1)} s CPU, ${worker.usage().memoryMiB} MiB; ` +
        `simulator ${smsc.usage().cpuSeconds.toFixed(1)} s CPU, ${smsc.usage().memoryMiB} MiB`,
    );
    expect(Object.values(await carrier.counts()).filter((count) => count !== 1)).toEqual([]);
    await worker.kill("SIGTERM");
    expect(await db.sql`select * from connector_leases where connector_id = ${tree.connector.id}`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });
});
