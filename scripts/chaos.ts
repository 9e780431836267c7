/**
 * `npm run chaos [recipients]`: kills every process in turn with SIGKILL, Postgres included, during a campaign, and
 * checks afterwards: every recipient got one message or is marked unknown, nothing twice unmarked, the ledger is proven.
 */
import { connect } from "#db/client.ts";
import { until } from "#scripts/load/campaign.ts";
import { campaignUnderKills, victims } from "#scripts/load/kills.ts";
import { startProduct } from "#scripts/load/product.ts";

const recipients = Number(process.argv[2] ?? 10_000);
const product = await startProduct();
const db = connect({ url: product.databaseUrl, poolSize: 4, name: "chaos" });
let failed = 0;
try {
  await until("the demo's campaigns end", 120_000, async () => {
    const [row] = await db.sql`select count(*)::int as n from send_queue where not is_held`;
    return row?.n === 0;
  });
  const checks = await campaignUnderKills({ ...product, db, recipients, victims });
  for (const { what, holds, seen } of checks)
    console.log(`${holds ? "ok    " : "FAILED"} ${what}: ${JSON.stringify(seen)}`);
  failed = checks.filter(({ holds }) => !holds).length;
} finally {
  await db.close();
  await product.stop();
}
console.log(failed === 0 ? "chaos: all checks hold" : `chaos: ${failed} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
