/** A tenant that sends at its contract, first alone, then beside a neighbour that offers ten times what it may send. */
import { setTimeout as wait } from "node:timers/promises";
import { percentilesOf } from "#scripts/load/figures.ts";
import type { Bench, Measured } from "#scripts/load/measured.ts";
import { addNeighbour } from "#scripts/load/neighbours.ts";
import { type Paced, type SentMessage, sendPaced, waysOf } from "#scripts/load/paced.ts";

const contractPerSecond = 100;
const timesOver = 10;
/** Near its contract, with room to make up for a pause of the machine. */
const usedShare = 0.8;

/** @param messages of the tenant that keeps its contract, in both halves together */
export async function besideFlood(bench: Bench, messages: number): Promise<Measured> {
  const { db, chain, product, tools } = bench;
  const orderly = await addNeighbour(db, chain, contractPerSecond);
  const flooding = await addNeighbour(db, chain, contractPerSecond);
  const baseUrl = product.baseUrl.replace("localhost", "127.0.0.1");
  const paced: Paced = {
    ...{ baseUrl, apiKey: orderly.apiKey, sender: chain.sender, trafficClass: "transactional" },
    perSecond: contractPerSecond * usedShare,
  };
  const halfMs = (messages / 2 / paced.perSecond) * 1_000;
  const forHalf = () => {
    const untilMs = Date.now() + halfMs;
    return sendPaced(paced, () => Date.now() > untilMs);
  };
  const alone = await forHalf();
  const offered = contractPerSecond * timesOver;
  const flood = tools.http([
    ...["-url", `${baseUrl}/api/v1/messages`, "-n", `${Math.ceil((offered * (halfMs + 4_000)) / 1_000)}`, "-c", "50"],
    ...["-rate", `${offered}`, "-max-time", `${Math.ceil(halfMs / 1_000) + 4}`, "-dest", "8491"],
    ...["-H", `Authorization: Bearer ${flooding.apiKey}`, "-H", "Content-Type: application/json"],
    ...["-body", `{"to":"{dest}","sender":"${chain.sender}","text":"{text}"}`],
  ]);
  // What an unused contract had saved up is used up by then.
  await wait(2_000);
  const startedMs = Date.now();
  const beside = await forHalf();
  const seconds = (Date.now() - startedMs) / 1_000;
  const { status } = await flood;
  await wait(1_000);
  return measured({
    alone,
    beside,
    seconds,
    waysAlone: await waysOf(tools.record, alone),
    ways: await waysOf(tools.record, beside),
    status,
  });
}

type Halves = {
  alone: SentMessage[];
  beside: SentMessage[];
  waysAlone: number[];
  ways: number[];
  seconds: number;
  status: Record<string, number>;
};

function measured({ alone, beside, waysAlone, ways, seconds, status }: Halves): Measured {
  const before = percentilesOf(waysAlone);
  const after = percentilesOf(ways);
  return {
    messages: beside.length,
    seconds,
    acceptedPerSecond: beside.filter((one) => one.isAccepted).length / seconds,
    latencyMs: after,
    notes: {
      "alone p50/p90/p99 ms": `${before.p50} / ${before.p90} / ${before.p99}`,
      "p99 grows by": `${Math.round((after.p99 / before.p99 - 1) * 100)} %`,
      refused: [...alone, ...beside].filter((one) => !one.isAccepted).length,
      "not arrived": alone.length + beside.length - waysAlone.length - ways.length,
      "neighbour's answers": JSON.stringify(status),
    },
  };
}
