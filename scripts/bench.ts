/**
 * `npm run bench q[:messages]`: timelines by every kind of id, over a database of its own with 10,000,000 messages (15 GB).
 * `npm run bench [recipients]`: a campaign from launch to the last receipt over the simulated carrier.
 * `BENCH_TOOLS=folder npm run bench -- h1 h2 s1 s2 c1 l1 l2 --runs 3`: scenarios with load clients and an SMSC that are
 * not ours; `h1:5000` changes the number of messages. With `BENCH_PEERS=folder` other gateways run the same afterwards,
 * while ours is stopped. `--warm-up 1` runs all of them once before the first that counts. Prints what each process used and what Postgres worked on, then one table of medians, which is
 * written to `.data/bench.md` and, with every repetition, `.data/bench.json` (`--out` names another place).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { connect, type Database } from "#db/client.ts";
import { freePortRun } from "#scripts/free-port.ts";
import { readArguments, type Wanted } from "#scripts/load/arguments.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { makeLoadChain } from "#scripts/load/chain.ts";
import { Instruments } from "#scripts/load/instruments.ts";
import { measure } from "#scripts/load/measure.ts";
import type { Bench } from "#scripts/load/measured.ts";
import { warmUp } from "#scripts/load/paced.ts";
import { Peers } from "#scripts/load/peers.ts";
import { type Product, startProduct } from "#scripts/load/product.ts";
import { proveTree } from "#scripts/load/proof.ts";
import { loadSettings } from "#scripts/load/settings.ts";
import { markdownOf, type Run, rowsOf } from "#scripts/load/table.ts";
import { measureTimelines } from "#scripts/load/timelines.ts";

const { BENCH_TOOLS: toolsFolder, BENCH_PEERS, BENCH_JASMIN: jasmin, BENCH_SMPPBOX: smppBox } = process.env;
const words = process.argv.slice(2);
const stored = words.find((word) => /^q(?::\d+)?$/.test(word));
const { wanted, recipients, warmUps, out } = readArguments(words.filter((word) => word !== stored));
const runs: Run[] = [];

if (stored) console.table(await measureTimelines(Number(stored.split(":")[1] ?? 10_000_000), 1_000));
if (wanted.length === 0) {
  if (!stored) await builtIn();
} else if (!toolsFolder) throw new Error("Set BENCH_TOOLS to the folder of the programs smsc, esme, http and sink.");
else {
  await ours(toolsFolder);
  if (BENCH_PEERS) {
    tell();
    await others(BENCH_PEERS);
  }
}
if (runs.length > 0) tell();

async function builtIn(): Promise<void> {
  await withProduct(async (product, db) => {
    const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
    const run = await measure(product, "built-in", "campaign over the simulated carrier", async () => {
      const startedMs = performance.now();
      await campaign.submit();
      // The rollups, folded every second: counting the messages themselves would be most of what Postgres does.
      await until("the last receipt", 600_000, async () => {
        const [row] = await db.sql<{ n: number }[]>`
          select coalesce(sum(delivered_count), 0)::int as n from report_rollups where campaign_id = ${campaign.id}`;
        return row?.n === recipients;
      });
      return { messages: recipients, seconds: (performance.now() - startedMs) / 1_000, notes: {} };
    });
    runs.push(run);
  });
}

async function ours(folder: string): Promise<void> {
  const first = await freePortRun(3);
  const tools = await Instruments.open(folder, { smsc: first, smscStats: first + 1, sink: first + 2 });
  try {
    await withProduct(async (product, db) => {
      const smsc = { host: "127.0.0.1", port: first };
      const callback = { url: `http://127.0.0.1:${first + 2}/`, batchSize: 1 };
      const bench: Bench = { db, product, tools, chain: await makeLoadChain(db, { smsc, callback }) };
      await warmUp(bench);
      for (const { scenario, messages } of repeated(wanted.map((one) => ({ ...one, runs: warmUps })))) {
        await tools.reset();
        const { seconds } = await scenario.run(bench, messages);
        console.log(`not counted: ${scenario.name}: ${Math.round(messages / seconds)}/s`);
      }
      for (const { scenario, messages } of repeated(wanted)) {
        await tools.reset();
        const { name, what } = scenario;
        runs.push(await measure(product, name, what, () => scenario.run(bench, messages)));
      }
    });
  } finally {
    await tools.close();
  }
}

async function others(folder: string): Promise<void> {
  const peers = new Peers(folder, { jasmin, smppBox });
  try {
    for (const reason of peers.missing) console.log(`not measured: ${reason}`);
    for (const { scenario, messages } of repeated(wanted)) {
      const measured = await peers.run(scenario.name, messages);
      runs.push(...measured.runs);
      for (const run of measured.runs) console.log(`${run.scenario}: ${run.system}: ${Math.round(run.perSecond)}/s`);
      for (const failure of measured.failures) console.log(`not measured: ${failure}`);
    }
  } finally {
    peers.close();
  }
}

/** All of them once, then all once more: what the machine does meanwhile meets everybody alike. */
function repeated(all: readonly Wanted[]): Wanted[] {
  const most = Math.max(...all.map((one) => one.runs));
  return Array.from({ length: most }, (_, n) => all.filter((one) => one.runs > n)).flat();
}

async function withProduct(work: (product: Product, db: Database) => Promise<void>): Promise<void> {
  const product = await startProduct(loadSettings);
  const db = connect({ url: product.databaseUrl, poolSize: 4, name: "bench" });
  try {
    await until("the demo's campaigns end", 120_000, async () => {
      const [row] = await db.sql<{ n: number }[]>`select count(*)::int as n from send_queue where not is_held`;
      return row?.n === 0;
    });
    await work(product, db);
    const { isClean, summary } = await proveTree(db);
    console.log(`ledger proof: ${summary}`);
    if (!isClean) process.exitCode = 1;
  } finally {
    await db.close();
    await product.stop();
  }
}

function tell(): void {
  const rows = rowsOf(runs);
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const at = new Date().toISOString();
  const markdown = `${at.slice(0, 16)}Z, ${machine}\n\n${markdownOf(rows)}\n`;
  console.log(`\n${markdown}`);
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(`${out}.md`, markdown);
  writeFileSync(`${out}.json`, `${JSON.stringify({ at, machine, node: process.version, rows, runs }, null, 1)}\n`);
}
