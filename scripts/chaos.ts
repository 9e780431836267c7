/**
 * `npm run chaos [messages] [kills=20]`: kills every process so often with SIGKILL, one of two smpp-clients and Postgres
 * included, during traffic of the API, of SMPP clients and of campaigns. Checks afterwards that nothing acknowledged is
 * lost, nothing is twice at the carrier unmarked, everybody was told, and the ledger agrees; exits 1 otherwise. With
 * BENCH_TOOLS the carrier is the program smsc of that folder.
 */
import { connect } from "#db/client.ts";
import { openForeign, openSimulator } from "#scripts/chaos/carriers.ts";
import { victims } from "#scripts/chaos/kills.ts";
import { chaos } from "#scripts/chaos/run.ts";
import { until } from "#scripts/load/campaign.ts";
import { startProduct } from "#scripts/load/product.ts";
import { loadSettings } from "#scripts/load/settings.ts";

const words = process.argv.slice(2);
const messages = Number(words.find((word) => /^\d+$/.test(word)) ?? 100_000);
const killsEach = Number(words.find((word) => word.startsWith("kills="))?.slice("kills=".length) ?? 20);
const folder = process.env.BENCH_TOOLS;

/** Whatever happens, it ends. */
const mostMs = 90 * 60_000;
setTimeout(() => {
  console.error(`chaos: not over after ${mostMs / 60_000} minutes`);
  process.exit(1);
}, mostMs).unref();

const product = await startProduct(loadSettings);
const db = connect({ url: product.databaseUrl, poolSize: 4, name: "chaos" });
await until("the demo's campaigns end", 300_000, async () => {
  const [row] = await db.sql`select count(*)::int as n from send_queue where not is_held`;
  return row?.n === 0;
});
const carrier = folder ? await openForeign(folder) : await openSimulator(product);
let failed = 0;
try {
  const checks = await chaos({ db, product, carrier, messages, victims, killsEach });
  for (const { what, holds, seen } of checks) {
    console.log(`${holds ? "ok    " : "FAILED"} ${what}: ${JSON.stringify(seen)}`);
  }
  failed = checks.filter(({ holds }) => !holds).length;
} finally {
  await carrier.close();
  await db.close();
  await product.stop();
}
console.log(failed === 0 ? "chaos: all checks hold" : `chaos: ${failed} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
