/** Scenario Q: timelines by every kind of id, through the verb, over a database with millions of stored messages. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { openStored, type Stored } from "#scripts/load/stored.ts";
import { why } from "#server/domain/messages/why.ts";
import { newId } from "#server/kernel/id.ts";

export type TimelineRun = {
  kind: string;
  queries: number;
  /** Of them, answered with the story of one message. */
  stories: number;
  p50: number;
  p95: number;
  p99: number;
  most: number;
};

const days = 40;
const dayMs = 86_400_000;
const warmUp = 20;

type Sample = {
  id: string;
  reference: string;
  msisdn: string;
  batchId: string;
  decimal: string;
  hex: string;
  attempt: string;
};

/** @param queries of all kinds together · @param folder of an earlier run, which stays; without one it is made, and deleted afterwards */
export async function measureTimelines(messages: number, queries: number, folder?: string): Promise<TimelineRun[]> {
  // Not made here: Postgres runs under another account where we are root, and must reach it.
  const place = folder ?? path.join(tmpdir(), `banyan-stored-${newId().slice(-12)}`);
  const { db, stored, stop } = await openStored(place, messages, days);
  try {
    return await run(db, stored, queries);
  } finally {
    await stop();
    if (!folder) rmSync(place, { recursive: true, force: true });
  }
}

async function run(db: Database, stored: Stored, queries: number): Promise<TimelineRun[]> {
  const kinds: [string, string, (sample: Sample, n: number) => string][] = [
    ["our id", stored.rootId, (s) => s.id],
    ["our id, its tenant asks", stored.tenantId, (s) => s.id],
    ["client's reference", stored.rootId, (s) => s.reference],
    ["number, four notations", stored.rootId, (s, n) => notation(s.msisdn, n)],
    ["carrier's id, decimal", stored.rootId, (s) => s.decimal],
    ["carrier's id, hex as 0xAB", stored.rootId, (s) => `0x${s.hex.toUpperCase()}`],
    ["carrier's id, hex as decimal", stored.rootId, (s) => BigInt(`0x${s.hex}`).toString()],
    ["webhook-id", stored.rootId, (s) => `msg_${s.id}_delivered`],
    ["attempt of a webhook", stored.rootId, (s) => s.attempt],
    ["batch", stored.rootId, (s) => s.batchId],
    ["nothing", stored.rootId, (_, n) => `nothing-${n}`],
  ];
  const samples = await sample(db, Math.ceil(queries / kinds.length));
  const runs: TimelineRun[] = [];
  for (const [kind, tenantId, textOf] of kinds) {
    const times: number[] = [];
    let stories = 0;
    for (const [n, one] of samples.entries()) {
      const startedMs = performance.now();
      const { story } = await why(ownerOf(db, tenantId), { id: textOf(one, n) });
      if (n >= warmUp) times.push(performance.now() - startedMs);
      if (story) stories += 1;
    }
    times.sort((a, b) => a - b);
    const at = (part: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
    runs.push({ kind, queries: times.length, stories, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) });
    console.log(JSON.stringify(runs.at(-1)));
  }
  return runs;
}

/** Spread evenly over all days, so that no two questions in a row meet the same pages. */
async function sample(db: Database, queries: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const each = Math.ceil((queries + warmUp) / days);
  for (let day = 0; day < days; day += 1) {
    const from = new Date(Math.floor(Date.now() / dayMs - day) * dayMs);
    const rows = await db.sql<(Sample & { carrierId: string })[]>`
      select m.id, m.reference, m.msisdn, m.batch_id as "batchId", r.carrier_id as "carrierId"
      from messages m tablesample system (0.5) repeatable (7) join carrier_refs r on r.message_id = m.id and r.part_number = 1
      where m.reference is not null and m.id >= banyan_uuid7_floor(${from})
        and m.id < banyan_uuid7_floor(${new Date(from.getTime() + dayMs)}) limit ${each}`;
    for (const row of rows) {
      const isHex = /[a-f]/.test(row.carrierId);
      samples.push({ ...row, decimal: row.carrierId, hex: isHex ? row.carrierId : "abc", attempt: row.id });
    }
  }
  const attempts = await db.sql<{ id: string }[]>`select id from webhook_attempts order by random() limit 100`;
  const hexes = samples.filter((one) => one.hex !== "abc").map((one) => one.hex);
  const decimals = samples.filter((one) => one.hex === "abc").map((one) => one.decimal);
  const shuffled = samples.map((one, n) => ({ one, key: (n * 7_919) % 1_009 })).sort((a, b) => a.key - b.key);
  return shuffled.slice(0, queries + warmUp).map(({ one }, n) => ({
    ...one,
    hex: hexes[n % hexes.length] ?? one.hex,
    decimal: decimals[n % decimals.length] ?? one.decimal,
    attempt: attempts[n % attempts.length]?.id ?? one.attempt,
  }));
}

const notation = (msisdn: string, n: number): string =>
  [msisdn, `+${msisdn}`, `0${msisdn.slice(2)}`, `(+84) ${msisdn.slice(2, 4)} ${msisdn.slice(4, 7)}-${msisdn.slice(7)}`][
    n % 4
  ] ?? msisdn;
const round = (ms: number): number => Math.round(ms * 10) / 10;
