/**
 * `npm run chaos [recipients]`: kills every process in turn with SIGKILL, Postgres included, during a campaign, and
 * checks afterwards: every recipient got one message or is marked unknown, nothing twice unmarked, the ledger is proven.
 */
import { connect } from "#db/client.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { startProduct } from "#scripts/load/product.ts";
import { proveTree } from "#scripts/load/proof.ts";

const recipients = Number(process.argv[2] ?? 10_000);
const victims = ["smpp-client", "workflow", "relay", "gateway", "web", "simulator", "postgres"] as const;

const product = await startProduct();
const db = connect({ url: product.databaseUrl, poolSize: 4, name: "chaos" });
let failed = 0;
const check = (what: string, isTrue: boolean, seen: unknown) => {
  if (!isTrue) failed += 1;
  console.log(`${isTrue ? "ok    " : "FAILED"} ${what}: ${JSON.stringify(seen)}`);
};
try {
  await until("the demo's campaigns end", 120_000, async () => {
    const [row] = await db.sql`select count(*)::int as n from send_queue where not is_held`;
    return row?.n === 0;
  });
  // Slow enough that every kill hits a campaign under way.
  await db.sql`update connectors set max_per_second = ${Math.ceil(recipients / 40)}`;
  const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
  await campaign.submit();
  for (const name of victims) await killAndWait(name, campaign.id);

  await until("every message has an end, or is marked unknown", 600_000, async () => {
    const [row] = await db.sql`
      select count(*)::int as n, count(*) filter (where status in ('queued', 'sending', 'sent'))::int as open
      from messages where campaign_id = ${campaign.id}`;
    return row?.n === recipients && row.open === 0;
  });
  await report(campaign.id, campaign.numbers);
} finally {
  await db.close();
  await product.stop();
}
console.log(failed === 0 ? "chaos: all checks hold" : `chaos: ${failed} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Kills one process while messages move, and waits until its successor works and messages move again. */
async function killAndWait(name: (typeof victims)[number], campaignId: string): Promise<void> {
  const sentBefore = await sentOf(campaignId);
  await until(
    `messages move before ${name} is killed`,
    120_000,
    async () => (await sentOf(campaignId)) > sentBefore + 20,
  );
  const pid = product.processes().get(name);
  if (!pid) throw new Error(`There is no process ${name}.`);
  process.kill(pid, "SIGKILL");
  const killedAtMs = performance.now();
  await until(`${name} is back`, 120_000, async () => {
    const next = product.processes().get(name);
    return next !== undefined && next !== pid;
  });
  const sentAtKill = await answerOf(() => sentOf(campaignId));
  await until(`messages move after ${name} was killed`, 120_000, async () => {
    const sent = await sentOf(campaignId);
    return sent > sentAtKill + 20 || sent >= recipients - 50;
  });
  console.log(
    `killed ${name}: traffic went on after ${((performance.now() - killedAtMs) / 1000).toFixed(1)} s, at ${sentAtKill} of ${recipients}`,
  );
}

/** The answer of a query that may meet a database that is just coming back. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T> {
  let answer: T | undefined;
  await until("the database answers", 120_000, async () => {
    answer = await ask();
    return true;
  });
  return answer as T;
}

async function sentOf(campaignId: string): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`
    select count(*)::int as n from messages where campaign_id = ${campaignId} and status in ('sent', 'delivered', 'unknown')`;
  return row?.n ?? 0;
}

async function report(campaignId: string, numbers: string[]): Promise<void> {
  const rows = await db.sql<{ msisdn: string; status: string; possibleDuplicate: boolean }[]>`
    select msisdn, status, possible_duplicate as "possibleDuplicate" from messages where campaign_id = ${campaignId}`;
  const counts = (await (await fetch(`${product.simulatorControl}/counts`)).json()) as Record<string, number>;
  const tally = (key: (row: (typeof rows)[number]) => string) => {
    const counted = new Map<string, number>();
    for (const row of rows) counted.set(key(row), (counted.get(key(row)) ?? 0) + 1);
    return counted;
  };
  console.log("statuses:", [...tally((row) => row.status)].map(([status, n]) => `${status} ${n}`).join(", "));
  const perNumber = tally((row) => row.msisdn);
  const isOneEach = rows.length === recipients && numbers.every((number) => perNumber.get(number) === 1);
  check("one message row for each recipient", isOneEach, rows.length);
  const twice = rows.filter((row) => (counts[row.msisdn] ?? 0) > 1);
  check(
    "sent twice without a mark",
    twice.every((row) => row.possibleDuplicate),
    twice.filter((row) => !row.possibleDuplicate).length,
  );
  const lost = rows.filter((row) => (counts[row.msisdn] ?? 0) === 0);
  check(
    "not at the carrier, and not marked unknown",
    lost.every((row) => row.status === "unknown"),
    lost.filter((row) => row.status !== "unknown").length,
  );
  const unknown = rows.filter((row) => row.status === "unknown");
  console.log(
    `unknown: ${unknown.length}, of them at the carrier ${unknown.filter((row) => (counts[row.msisdn] ?? 0) > 0).length}`,
  );
  const proof = await proveTree(db);
  check("ledger proof", proof.isClean, proof.summary);
}
