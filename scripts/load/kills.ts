/** A campaign during which processes are killed with SIGKILL, one after another, and what must hold afterwards. */
import type { Database } from "#db/client.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import { proveTree } from "#scripts/load/proof.ts";

export const victims = [
  "smpp-client",
  "workflow",
  "relay",
  "gateway",
  "smpp-server",
  "webhooks",
  "web",
  "simulator",
  "postgres",
] as const;
export type Victim = (typeof victims)[number];

export type KillsOptions = {
  db: Database;
  /** Process ids by name, as they are now. */
  processes(): Map<string, number>;
  /** Address of the simulated carrier's control. */
  simulatorControl: string;
  recipients: number;
  victims: readonly Victim[];
};

export type Check = { what: string; holds: boolean; seen: unknown };

/** Slow enough that every kill hits a campaign under way. */
const sendingSeconds = 40;
/** Messages that must move before a kill and after it. */
const someMessages = 20;
const patienceMs = 120_000;

export async function campaignUnderKills(options: KillsOptions): Promise<Check[]> {
  const { db, recipients } = options;
  const before = await db.sql<{ id: string; maxPerSecond: number }[]>`
    select id, max_per_second as "maxPerSecond" from connectors`;
  await db.sql`update connectors set max_per_second = ${Math.ceil(recipients / sendingSeconds)}`;
  try {
    const campaign = await makeCampaign(db, "Ngân hàng Bình Minh", "BINHMINHBK", recipients);
    await campaign.submit();
    for (const name of options.victims) await killAndWait(options, name, campaign.id);
    await until("every message has an end, or is marked unknown", 5 * patienceMs, async () => {
      const [row] = await db.sql`
        select count(*)::int as n, count(*) filter (where status in ('queued', 'sending', 'sent'))::int as open
        from messages where campaign_id = ${campaign.id}`;
      return row?.n === recipients && row.open === 0;
    });
    return await checksOf(options, campaign);
  } finally {
    for (const { id, maxPerSecond } of before) {
      await db.sql`update connectors set max_per_second = ${maxPerSecond} where id = ${id}`;
    }
  }
}

/** Kills one process while messages move, and waits until its successor is there and messages move again. */
async function killAndWait(
  { db, processes, recipients }: KillsOptions,
  name: Victim,
  campaignId: string,
): Promise<void> {
  const isNearlyThrough = (sent: number) => sent >= recipients - 2 * someMessages;
  const hasMovedOn = (from: number) => async () => {
    const sent = await sentOf(db, campaignId);
    return sent > from + someMessages || isNearlyThrough(sent);
  };
  const sentBefore = await sentOf(db, campaignId);
  await until(`messages move before ${name} is killed`, patienceMs, hasMovedOn(sentBefore));
  const pid = processes().get(name);
  if (!pid) throw new Error(`There is no process ${name}.`);
  process.kill(pid, "SIGKILL");
  const killedAtMs = performance.now();
  await until(`${name} is back`, patienceMs, async () => {
    const next = processes().get(name);
    return next !== undefined && next !== pid;
  });
  const sentAtKill = await answerOf(() => sentOf(db, campaignId));
  await until(`messages move after ${name} was killed`, patienceMs, hasMovedOn(sentAtKill));
  const seconds = ((performance.now() - killedAtMs) / 1000).toFixed(1);
  console.log(`killed ${name}: traffic went on after ${seconds} s, at ${sentAtKill} of ${recipients}`);
}

/** The answer of a query that may meet a database that is just coming back. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T> {
  let answer: T | undefined;
  await until("the database answers", patienceMs, async () => {
    answer = await ask();
    return true;
  });
  return answer as T;
}

async function sentOf(db: Database, campaignId: string): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`
    select count(*)::int as n from messages where campaign_id = ${campaignId} and status in ('sent', 'delivered', 'unknown')`;
  return row?.n ?? 0;
}

type Row = { msisdn: string; status: string; possibleDuplicate: boolean };

async function checksOf(
  { db, simulatorControl, recipients }: KillsOptions,
  campaign: { id: string; numbers: string[] },
): Promise<Check[]> {
  const rows = await db.sql<Row[]>`
    select msisdn, status, possible_duplicate as "possibleDuplicate" from messages where campaign_id = ${campaign.id}`;
  const counts = (await (await fetch(`${simulatorControl}/counts`)).json()) as Record<string, number>;
  const atCarrier = (row: Row) => counts[row.msisdn] ?? 0;
  const perNumber = tally(rows, (row) => row.msisdn);
  const isOneEach = rows.length === recipients && campaign.numbers.every((number) => perNumber.get(number) === 1);
  const twiceUnmarked = rows.filter((row) => atCarrier(row) > 1 && !row.possibleDuplicate);
  const lostUnmarked = rows.filter((row) => atCarrier(row) === 0 && row.status !== "unknown");
  const unknown = rows.filter((row) => row.status === "unknown");
  const statuses = [...tally(rows, (row) => row.status)].map(([status, n]) => `${status} ${n}`);
  const marked = rows.filter((row) => row.possibleDuplicate);
  console.log(
    `statuses: ${statuses.join(", ")}; unknown and at the carrier ${unknown.filter(atCarrier).length}; ` +
      `marked as possibly twice ${marked.length}, of them twice ${marked.filter((row) => atCarrier(row) > 1).length}`,
  );
  const proof = await proveTree(db);
  return [
    { what: "one message row for each recipient", holds: isOneEach, seen: rows.length },
    { what: "sent twice without a mark", holds: twiceUnmarked.length === 0, seen: twiceUnmarked },
    { what: "not at the carrier, and not marked unknown", holds: lostUnmarked.length === 0, seen: lostUnmarked },
    { what: "ledger proof", holds: proof.isClean, seen: proof.summary },
  ];
}

function tally(rows: readonly Row[], key: (row: Row) => string): Map<string, number> {
  const counted = new Map<string, number>();
  for (const row of rows) counted.set(key(row), (counted.get(key(row)) ?? 0) + 1);
  return counted;
}
