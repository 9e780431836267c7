/** Messages over HTTP from the load client, until the last of their signed callbacks has been taken. */
import { until } from "#scripts/load/campaign.ts";
import { rounded } from "#scripts/load/figures.ts";
import type { Bench, Measured } from "#scripts/load/measured.ts";
import { webhooksChannel } from "#server/domain/webhooks/news.ts";

const drainTimeoutMs = 120_000;

type Shape = { batch: number; connections: number };

export async function overHttp(bench: Bench, messages: number, { batch, connections }: Shape): Promise<Measured> {
  const { db, product, tools, chain } = bench;
  await db.sql`
    with changed as (update webhook_endpoints set status = 'active', batch_size = ${batch} where id = ${chain.endpointId})
    select pg_notify(${webhooksChannel}, ${`changed:${chain.endpointId}`})`;
  const one = `{"to":"{dest}","sender":"${chain.sender}","text":"{text}"}`;
  const many = ["-body", '{"messages":[{items}]}', "-item", one, "-batch", `${batch}`];
  const result = await tools.http([
    ...["-url", `${product.baseUrl.replace("localhost", "127.0.0.1")}/api/v1/messages`],
    ...["-n", `${messages}`, "-c", `${connections}`, "-dest", "8491", "-max-time", "170"],
    ...["-H", `Authorization: Bearer ${chain.apiKey}`, "-H", "Content-Type: application/json"],
    ...(batch === 1 ? ["-body", one] : many),
  ]);
  const ended = async () => {
    const sink = await tools.sink();
    if (batch === 1) return { events: sink.unique, lastMs: sink.last_ns / 1e6 };
    return toldSince(bench, result.start_ns);
  };
  await until("the last callback", drainTimeoutMs, async () => (await ended()).events >= result.accepted);
  const { lastMs } = await ended();
  const smsc = await tools.smsc();
  return {
    messages: result.accepted,
    seconds: (lastMs - result.start_ns / 1e6) / 1_000,
    acceptedPerSecond: result.rps * batch,
    latencyMs: rounded(result.latency_ms),
    notes: {
      "to SMSC/s": Math.round(smsc.count / ((smsc.last_ns - result.start_ns) / 1e9)),
      "twice at SMSC": smsc.duplicates,
      refused: messages - result.accepted,
    },
  };
}

/** Single callbacks are counted by their receiver; of lists only the sender knows how many events they held. */
async function toldSince({ db, chain }: Bench, startNs: number): Promise<{ events: number; lastMs: number }> {
  const [row] = await db.sql<{ events: number; lastMs: number }[]>`
    select coalesce(sum(events), 0)::int as events, coalesce(extract(epoch from max(at)) * 1000, 0)::float8 as "lastMs"
    from webhook_attempts
    where endpoint_id = ${chain.endpointId} and outcome = 'delivered'
      and at >= to_timestamp(${startNs / 1e9}::float8)`;
  return row ?? { events: 0, lastMs: 0 };
}
