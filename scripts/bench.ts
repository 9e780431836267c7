/**
 * `npm run bench [recipients]`: a campaign from launch to the last receipt over the simulated carrier.
 * `BENCH_TOOLS=folder npm run bench h1 h2 s1 s2 c1`: scenarios with load clients and an SMSC that are not ours; `h1:5000`
 * changes the number of messages. Prints rates, each process's CPU and memory, and what Postgres worked on.
 */

import { connect, type Database } from "#db/client.ts";
import { freePortRun } from "#scripts/free-port.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { makeLoadChain } from "#scripts/load/chain.ts";
import { Instruments } from "#scripts/load/instruments.ts";
import { cpuSeconds, cpuSecondsBelow, type Product, peakMemoryMib, startProduct } from "#scripts/load/product.ts";
import { proveTree } from "#scripts/load/proof.ts";
import { type Bench, type Measured, type Scenario, scenarios } from "#scripts/load/scenarios.ts";
import { loadSettings } from "#scripts/load/settings.ts";
import { countStatements } from "#scripts/load/statements.ts";

const wanted = process.argv.slice(2).flatMap((word) => {
  const [name = "", count] = word.split(":");
  const scenario = scenarios.find((s) => s.name === name);
  return scenario ? [{ scenario, messages: Number(count ?? scenario.messages) }] : [];
});
const folder = process.env.BENCH_TOOLS;

if (wanted.length === 0) await builtIn(Number(process.argv[2] ?? 10_000));
else if (folder) await measured(folder, wanted);
else throw new Error("Set BENCH_TOOLS to the folder of the programs smsc, esme, http and sink.");

async function builtIn(recipients: number): Promise<void> {
  await withProduct(async (product, db) => {
    const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
    await report(product, "campaign over the simulated carrier", async () => {
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
  });
}

async function measured(folder: string, runs: { scenario: Scenario; messages: number }[]): Promise<void> {
  const first = await freePortRun(3);
  const tools = await Instruments.open(folder, { smsc: first, smscStats: first + 1, sink: first + 2 });
  try {
    await withProduct(async (product, db) => {
      const smsc = { host: "127.0.0.1", port: first };
      const callback = { url: `http://127.0.0.1:${first + 2}/`, batchSize: 1 };
      const bench: Bench = { db, product, tools, chain: await makeLoadChain(db, { smsc, callback }) };
      for (const { scenario, messages } of runs) {
        await tools.reset();
        await report(product, `${scenario.name}: ${scenario.what}`, () => scenario.run(bench, messages));
      }
    });
  } finally {
    await tools.close();
  }
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
    console.log(`ledger proof: ${(await proveTree(db)).summary}`);
  } finally {
    await db.close();
    await product.stop();
  }
}

async function report(product: Product, title: string, run: () => Promise<Measured>): Promise<void> {
  const processes = product.processes();
  const before = new Map([...processes].map(([name, pid]) => [name, cpuOf(name, pid)]));
  const statements = await countStatements(product.databaseUrl);
  const { messages, seconds, notes } = await run();
  const said = Object.entries(notes).map(([name, value]) => `${name} ${value}`);
  console.log(
    `\n${title}\n${messages} in ${seconds.toFixed(1)} s: ${Math.round(messages / seconds)}/s · ${said.join(" · ")}`,
  );
  console.table(
    [...processes].map(([name, pid]) => {
      const used = cpuOf(name, pid) - (before.get(name) ?? 0);
      return {
        process: name,
        "CPU s": Number(used.toFixed(2)),
        "CPU s per 1,000": Number(((used * 1_000) / messages).toFixed(3)),
        "peak MiB": peakMemoryMib(pid),
      };
    }),
  );
  console.log(await statements.report(12));
}

/** The supervisor's children have rows of their own. */
function cpuOf(name: string, pid: number): number {
  return name === "supervisor" ? cpuSeconds(pid) : cpuSecondsBelow(pid);
}
