/** One-time codes at a modest, even rate: first alone, then while a campaign runs. */
import { setTimeout as wait } from "node:timers/promises";
import { asCampaign } from "#scripts/load/campaign-load.ts";
import { percentilesOf, tenths } from "#scripts/load/figures.ts";
import type { Bench, Measured } from "#scripts/load/measured.ts";
import { type SentMessage, sendPaced, waysOf } from "#scripts/load/paced.ts";

const perSecond = 20;
const aloneMs = 15_000;

/** The latency is that of the codes beside the campaign, from the request to the SMSC. */
export async function codesBesideCampaign(bench: Bench, messages: number): Promise<Measured> {
  const { chain, product, tools } = bench;
  const baseUrl = product.baseUrl.replace("localhost", "127.0.0.1");
  const codes = { baseUrl, apiKey: chain.apiKey, sender: chain.sender, trafficClass: "otp" as const, perSecond };
  const aloneUntil = Date.now() + aloneMs;
  const alone = await sendPaced(codes, () => Date.now() > aloneUntil);
  let isOver = false;
  let beside: Promise<SentMessage[]> = Promise.resolve([]);
  const campaign = await asCampaign(bench, messages, () => {
    beside = sendPaced(codes, () => isOver);
  }).finally(() => {
    isOver = true;
  });
  const sent = await beside;
  // The SMSC writes its record five times a second.
  await wait(1_000);
  const waysAlone = percentilesOf(await waysOf(tools.record, alone));
  const ways = await waysOf(tools.record, sent);
  const answers = percentilesOf(sent.map((one) => one.answerMs));
  return {
    ...campaign,
    acceptedPerSecond: perSecond,
    latencyMs: percentilesOf(ways),
    notes: {
      ...campaign.notes,
      codes: sent.length,
      "codes refused": sent.filter((one) => !one.isAccepted).length,
      "codes not arrived": sent.length - ways.length,
      "codes' longest way ms": tenths(ways.reduce((most, ms) => Math.max(most, ms), 0)),
      "codes' answers p50/p99 ms": `${answers.p50} / ${answers.p99}`,
      "codes alone p50/p99 ms": `${waysAlone.p50} / ${waysAlone.p99}`,
    },
  };
}
