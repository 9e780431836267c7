/**
 * `npm run bench [recipients]`: a campaign from launch to the last receipt, with every process and the simulated
 * carrier on this machine. Prints the time, the rate, each process's CPU and memory, and what Postgres worked on.
 */
import { connect } from "#db/client.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { cpuSeconds, cpuSecondsBelow, peakMemoryMib, startProduct } from "#scripts/load/product.ts";
import { proveTree } from "#scripts/load/proof.ts";
import { countStatements } from "#scripts/load/statements.ts";

/** The supervisor's children have rows of their own. */
const cpuOf = (name: string, pid: number): number => (name === "supervisor" ? cpuSeconds(pid) : cpuSecondsBelow(pid));

const recipients = Number(process.argv[2] ?? 10_000);
const product = await startProduct();
const db = connect({ url: product.databaseUrl, poolSize: 4, name: "bench" });
try {
  await until("the demo's campaigns end", 120_000, async () => {
    const [row] = await db.sql<{ n: number }[]>`select count(*)::int as n from send_queue where not is_held`;
    return row?.n === 0;
  });
  const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
  const statements = await countStatements(product.databaseUrl);
  const processes = product.processes();
  const before = new Map([...processes].map(([name, pid]) => [name, cpuOf(name, pid)]));
  const startedMs = performance.now();
  await campaign.submit();
  // The rollups, folded every second: counting the messages themselves would be most of what Postgres does.
  await until("the last receipt", 600_000, async () => {
    const [row] = await db.sql<{ n: number }[]>`
      select coalesce(sum(delivered_count), 0)::int as n from report_rollups where campaign_id = ${campaign.id}`;
    return row?.n === recipients;
  });
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `\n${recipients} of ${recipients} delivered and counted in ${seconds.toFixed(1)} s: ${Math.round(recipients / seconds)} messages/s from launch to the last receipt`,
  );
  console.table(
    [...processes].map(([name, pid]) => {
      const used = cpuOf(name, pid) - (before.get(name) ?? 0);
      return {
        process: name,
        "CPU s": Number(used.toFixed(2)),
        "CPU s per 1,000": Number(((used * 1_000) / recipients).toFixed(3)),
        "peak MiB": peakMemoryMib(pid),
      };
    }),
  );
  console.log(await statements.report(12));
  const proof = await proveTree(db);
  console.log(`ledger proof: ${proof.summary}`);
} finally {
  await db.close();
  await product.stop();
}
