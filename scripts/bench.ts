/**
 * `npm run bench [recipients]`: a campaign from launch to the last receipt, with every process and the simulated
 * carrier on this machine. Prints the time, the rate, and each process's CPU and memory.
 */
import { connect } from "#db/client.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { cpuSeconds, cpuSecondsBelow, peakMemoryMib, startProduct } from "#scripts/load/product.ts";
import { proveTree } from "#scripts/load/proof.ts";

/** The supervisor's children have rows of their own. */
const cpuOf = (name: string, pid: number): number => (name === "supervisor" ? cpuSeconds(pid) : cpuSecondsBelow(pid));

const recipients = Number(process.argv[2] ?? 10_000);
const product = await startProduct();
const db = connect({ url: product.databaseUrl, poolSize: 4, name: "bench" });
try {
  await until("the demo's campaigns end", 120_000, async () => {
    const [row] = await db.sql`select count(*)::int as n from send_queue where not is_held`;
    return row?.n === 0;
  });
  const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
  const processes = product.processes();
  const before = new Map([...processes].map(([name, pid]) => [name, cpuOf(name, pid)]));
  const startedMs = performance.now();
  await campaign.submit();
  let delivered = 0;
  await until("the last receipt", 600_000, async () => {
    const [row] = await db.sql<{ n: number }[]>`
      select count(*)::int as n from messages where campaign_id = ${campaign.id} and status = 'delivered'`;
    delivered = row?.n ?? 0;
    return delivered === recipients;
  });
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `\n${delivered} of ${recipients} delivered in ${seconds.toFixed(1)} s: ${Math.round(recipients / seconds)} messages/s from launch to the last receipt`,
  );
  console.table(
    [...processes].map(([name, pid]) => ({
      process: name,
      "CPU s": Number((cpuOf(name, pid) - (before.get(name) ?? 0)).toFixed(2)),
      "peak MiB": peakMemoryMib(pid),
    })),
  );
  const proof = await proveTree(db);
  console.log(`ledger proof: ${proof.summary}`);
} finally {
  await db.close();
  await product.stop();
}
