/** A run: traffic of all kinds in tranches, a kill in each, then until all is at rest, then what must hold. */
import type { Database } from "#db/client.ts";
import { type Carrier, connectCarriers } from "#scripts/chaos/carriers.ts";
import { type Check, checksOf, type Row, readRows, tally } from "#scripts/chaos/checks.ts";
import { type Kill, killOne, scheduleOf, summaryOf, type Victim } from "#scripts/chaos/kills.ts";
import { type SecondWorker, startSecondWorker } from "#scripts/chaos/second-worker.ts";
import { Sink } from "#scripts/chaos/sink.ts";
import { Traffic } from "#scripts/chaos/traffic.ts";
import { until } from "#scripts/load/campaign.ts";
import { makeLoadChain } from "#scripts/load/chain.ts";
import type { Product } from "#scripts/load/product.ts";

export type ChaosOptions = {
  db: Database;
  product: Reachable;
  carrier: Carrier;
  messages: number;
  victims: readonly Victim[];
  /** How often each of them is killed. */
  killsEach: number;
};

/** What a run has to know of the product. */
export type Reachable = Pick<
  Product,
  "baseUrl" | "dataDir" | "databaseUrl" | "simulatorControl" | "sinkPort" | "demo" | "processes"
>;

/** From the release of a tranche to its kill: somewhere between its first message and its last. */
const mostHeadStartMs = 1_200;
/** How long a tranche waits for those before it, so that kills are spread over the messages; then the next one dies anyway. */
const mostLagMs = 10_000;
/** After the last kill, for each of its steps. */
const restMs = (messages: number): number => 120_000 + messages * 5;
/** Kills that launch a campaign just before. */
const launching = new Set<Victim>(["workflow", "relay"]);

export async function chaos(options: ChaosOptions): Promise<Check[]> {
  const { db, product, carrier } = options;
  const disconnect = await connectCarriers(db, carrier.place);
  const second = await startSecondWorker(product, carrier.place);
  const callback = { url: `http://127.0.0.1:${product.sinkPort}/callbacks`, batchSize: 20 };
  const chain = await makeLoadChain(db, { smsc: null, callback });
  const [bind] = product.demo.binds;
  const baseUrl = product.baseUrl.replace("localhost", "127.0.0.1");
  const traffic = new Traffic(db, chain, { baseUrl, smppPort: bind?.port ?? 0 });
  const sink = new Sink(traffic.book);
  sink.trust(chain.webhookSecret);
  await sink.open(product.sinkPort);
  try {
    const kills = await killAll(options, traffic, second);
    console.table(summaryOf(kills));
    const unknown = await rest(options, chain.tenantId, traffic);
    const rows = await readRows(db, chain.tenantId);
    const counts = await carrier.counts();
    report(traffic, rows, unknown, counts);
    const { book, asked } = traffic;
    const found = { db, tenantId: chain.tenantId, rows, carrier: counts, book, asked, kills: kills.length };
    return [
      ...(await checksOf(found)),
      { what: "callbacks with a wrong signature", holds: sink.forged === 0, seen: sink.forged },
    ];
  } finally {
    traffic.stop();
    sink.close();
    await second.child.stop();
    await disconnect();
  }
}

async function killAll(options: ChaosOptions, traffic: Traffic, second: SecondWorker): Promise<Kill[]> {
  const { db, product, messages, victims, killsEach } = options;
  const schedule = scheduleOf(victims, killsEach);
  const processes = () => product.processes().set("smpp-client 2", second.pid());
  const kills: Kill[] = [];
  const fromMs = performance.now();
  for (const [turn, victim] of schedule.entries()) {
    const [first, last] = [turn, turn + 1].map((at) => Math.round((messages * at) / schedule.length));
    await traffic.catchUp(2 * Math.ceil(messages / schedule.length), mostLagMs);
    await traffic.release((last ?? 0) - (first ?? 0), launching.has(victim) || turn === schedule.length - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * mostHeadStartMs));
    const isOther = victim === "smpp-client" && Math.random() < 0.5;
    kills.push(await killOne({ db, processes }, isOther ? "smpp-client 2" : victim));
    const seconds = ((performance.now() - fromMs) / 1_000).toFixed(0);
    const { acknowledgedCount, callbacks } = traffic.book;
    console.log(
      `${seconds} s: killed ${kills.at(-1)?.victim} (${turn + 1} of ${schedule.length}); asked ${traffic.askedCount}, ` +
        `acknowledged ${acknowledgedCount}, called back ${callbacks.size}`,
    );
  }
  return kills;
}

/**
 * Until nothing moves any more. What is unknown then was never taken by the carrier; the time in which a receipt could
 * come is over at once, so that its end is seen, too. @returns how many those were
 */
async function rest(options: ChaosOptions, tenantId: string, traffic: Traffic): Promise<number> {
  const { db, carrier, messages } = options;
  // What does not come is for the checks to tell.
  const wait = (what: string, isTrue: () => Promise<boolean>) =>
    until(what, restMs(messages), isTrue).catch((error: Error) => console.log(error.message));
  await wait("every request is answered", async () => traffic.isIdle);
  await wait("no message is under way", async () => {
    const [row] = await db.sql<{ count: number }[]>`
      select count(*)::int as count from messages
      where tenant_id = ${tenantId} and status in ('review', 'queued', 'sending', 'sent')`;
    const [open] = await db.sql<{ count: number }[]>`
      select count(*)::int as count from campaigns where tenant_id = ${tenantId} and status in ('scheduled', 'running')`;
    return row?.count === 0 && open?.count === 0;
  });
  await wait("what the carrier took is known", async () => {
    const counts = await carrier.counts();
    return (await unknownOf(db, tenantId)).every((number) => !counts.has(number));
  });
  const unknown = (await unknownOf(db, tenantId)).length;
  await db.sql`update send_queue set leased_at = leased_at - interval '1000 hours' where tenant_id = ${tenantId}`;
  await wait("everybody was told", async () => {
    const [row] = await db.sql<{ count: number }[]>`
      select ((select count(*) from send_queue where tenant_id = ${tenantId})
        + (select count(*) from outgoing_receipts where tenant_id = ${tenantId})
        + (select count(*) from webhook_retries where tenant_id = ${tenantId})
        + (select count(*) from campaigns where tenant_id = ${tenantId} and status <> 'completed'))::int as count`;
    return row?.count === 0;
  });
  return unknown;
}

async function unknownOf(db: Database, tenantId: string): Promise<string[]> {
  const rows = await db.sql<{ msisdn: string }[]>`
    select msisdn from messages where tenant_id = ${tenantId} and status = 'unknown'`;
  return rows.map((row) => row.msisdn);
}

function report({ book, asked }: Traffic, rows: readonly Row[], unknown: number, counts: Map<string, number>): void {
  const by = (key: (row: Row) => string) => [...tally(rows, key)].map(([name, n]) => `${name} ${n}`).join(", ");
  const marked = rows.filter((row) => row.possibleDuplicate);
  const twice = marked.filter((row) => (counts.get(row.msisdn) ?? 0) > row.parts);
  console.log(
    [
      `asked: HTTP ${asked.http.length}, SMPP ${asked.smpp.length}, campaigns ${asked.campaign.length}`,
      `acknowledged: HTTP ${book.acknowledged.http.size} (requests repeated ${book.repeated.requests}), SMPP ${book.acknowledged.smpp.size} ` +
        `(never answered ${book.unanswered.size}, refused for a while and repeated ${book.repeated.submits})`,
      `messages: ${by((row) => row.source)}; ${by((row) => row.status)}; unknown before the time was over ${unknown}`,
      `marked as possibly twice ${marked.length}, of them twice at the carrier ${twice.length}`,
      `told: callbacks ${book.callbacks.size} (again ${book.repeated.callbacks}), receipts ${book.receipts.size} (again ${book.repeated.receipts})`,
    ].join("\n"),
  );
}
