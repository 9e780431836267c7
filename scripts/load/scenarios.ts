/** Load scenarios against the whole product, each from its first request to its last receipt or callback. */
import type { Database } from "#db/client.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import type { LoadChain } from "#scripts/load/chain.ts";
import type { Instruments } from "#scripts/load/instruments.ts";
import type { Product } from "#scripts/load/product.ts";

export type Measured = {
  messages: number;
  seconds: number;
  /** What the scenario says beside its rate. */
  notes: Record<string, string | number>;
};
export type Bench = { db: Database; product: Product; tools: Instruments; chain: LoadChain };
export type Scenario = {
  name: string;
  what: string;
  messages: number;
  run(bench: Bench, messages: number): Promise<Measured>;
};

const drainTimeoutMs = 120_000;

export const scenarios: Scenario[] = [
  {
    name: "h1",
    what: "HTTP, one message a request, a callback each",
    messages: 20_000,
    run: (b, n) => overHttp(b, n, 1),
  },
  {
    name: "h2",
    what: "HTTP, 100 messages a request, callbacks in lists",
    messages: 50_000,
    run: (b, n) => overHttp(b, n, 100),
  },
  {
    name: "s1",
    what: "SMPP, 1 bind × window 100, receipts back",
    messages: 50_000,
    run: (b, n) => overSmpp(b, n, 1, 100),
  },
  {
    name: "s2",
    what: "SMPP, 10 binds × window 50, receipts back",
    messages: 50_000,
    run: (b, n) => overSmpp(b, n, 10, 50),
  },
  { name: "c1", what: "campaign, from launch to the last receipt", messages: 100_000, run: asCampaign },
];

async function overHttp({ db, product, tools, chain }: Bench, messages: number, batch: number): Promise<Measured> {
  await db.sql`update webhook_endpoints set status = 'active', batch_size = ${batch} where id = ${chain.endpointId}`;
  const one = `{"to":"{dest}","sender":"${chain.sender}","text":"{text}"}`;
  const shape =
    batch === 1 ? ["-body", one] : ["-body", '{"messages":[{items}]}', "-item", one, "-batch", String(batch)];
  const result = await tools.http([
    ...[
      "-url",
      `${product.baseUrl.replace("localhost", "127.0.0.1")}/api/v1/messages`,
      "-n",
      String(messages),
      "-c",
      batch === 1 ? "50" : "8",
    ],
    ...[
      "-H",
      `Authorization: Bearer ${chain.apiKey}`,
      "-H",
      "Content-Type: application/json",
      "-dest",
      "8491",
      ...shape,
    ],
  ]);
  const told = () => toldSince(db, chain.endpointId, result.start_ns);
  await until("the last callback", drainTimeoutMs, async () => (await told()).events >= result.accepted);
  const { lastMs } = await told();
  const smsc = await tools.smsc();
  return {
    messages: result.accepted,
    seconds: (lastMs - result.start_ns / 1e6) / 1_000,
    notes: {
      "accepted/s": Math.round(result.rps),
      "p50 ms": round(result.latency_ms.p50),
      "p99 ms": round(result.latency_ms.p99),
      "to SMSC/s": Math.round(smsc.count / ((smsc.last_ns - result.start_ns) / 1e9)),
      "twice at SMSC": smsc.duplicates,
      refused: messages - result.accepted,
    },
  };
}

/** Single callbacks are counted by their receiver as well; of lists only the sender knows how many events they held. */
async function toldSince(
  db: Database,
  endpointId: string,
  startNs: number,
): Promise<{ events: number; lastMs: number }> {
  const [row] = await db.sql<{ events: number; lastMs: number }[]>`
    select coalesce(sum(events), 0)::int as events, coalesce(extract(epoch from max(at)) * 1000, 0)::float8 as "lastMs"
    from webhook_attempts
    where endpoint_id = ${endpointId} and outcome = 'delivered' and at >= to_timestamp(${startNs / 1e9}::float8)`;
  return row ?? { events: 0, lastMs: 0 };
}

async function overSmpp(
  { db, product, tools, chain }: Bench,
  messages: number,
  binds: number,
  window: number,
): Promise<Measured> {
  await db.sql`update webhook_endpoints set status = 'paused' where id = ${chain.endpointId}`;
  const [bind] = product.demo.binds;
  const result = await tools.esme([
    ...[
      "-addr",
      `127.0.0.1:${bind?.port}`,
      "-system-id",
      chain.systemId,
      "-password",
      chain.password,
      "-src",
      chain.sender,
    ],
    ...[
      "-n",
      String(messages),
      "-conns",
      String(binds),
      "-window",
      String(window),
      "-dest",
      "8491",
      "-dlr",
      "-dlr-wait",
      "60",
    ],
  ]);
  const smsc = await tools.smsc();
  return {
    messages: result.ok,
    seconds: result.dlr.last_s,
    notes: {
      "answered/s": Math.round(result.ok_tps),
      "p50 ms": round(result.resp_ms.p50),
      "p99 ms": round(result.resp_ms.p99),
      "receipts missing": result.dlr.missing,
      "twice at SMSC": smsc.duplicates,
      refused: result.sent - result.ok,
    },
  };
}

async function asCampaign({ db, tools, chain }: Bench, messages: number): Promise<Measured> {
  await db.sql`update webhook_endpoints set status = 'paused' where id = ${chain.endpointId}`;
  const campaign = await makeCampaign(db, chain.tenantName, chain.sender, messages);
  const startedMs = performance.now();
  await campaign.submit();
  await until("the last receipt", 900_000, async () => {
    const [row] = await db.sql<{ n: number }[]>`
      select coalesce(sum(delivered_count), 0)::int as n from report_rollups where campaign_id = ${campaign.id}`;
    return row?.n === messages;
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  return { messages, seconds, notes: { "twice at SMSC": (await tools.smsc()).duplicates } };
}

const round = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;
