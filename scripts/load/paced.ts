/** A client that sends one message a request at an even pace, and when each of its messages came to the SMSC. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Agent, request } from "undici";
import { until } from "#scripts/load/campaign.ts";
import type { Bench } from "#scripts/load/measured.ts";

const boundTimeoutMs = 60_000;

export type Paced = {
  baseUrl: string;
  apiKey: string;
  sender: string;
  trafficClass: "otp" | "transactional" | "bulk";
  perSecond: number;
};
export type SentMessage = { to: string; sentAtMs: number; answerMs: number; isAccepted: boolean };

/** Numbers of this process's clients: never the same twice, and none that a load client uses. */
let serial = 0;
function nextNumber(): string {
  serial += 1;
  return `8499${String(serial).padStart(7, "0")}`;
}

/** Sends until `isOver` says so; a late answer delays nobody behind it. @returns every message, when all are answered */
export async function sendPaced(paced: Paced, isOver: () => boolean): Promise<SentMessage[]> {
  const agent = new Agent({ connections: 50 });
  const sent: Promise<SentMessage>[] = [];
  const startedMs = Date.now();
  try {
    while (!isOver()) {
      sent.push(sendOne(paced, agent));
      const dueMs = startedMs + (sent.length * 1_000) / paced.perSecond;
      await wait(Math.max(0, dueMs - Date.now()));
    }
    return await Promise.all(sent);
  } finally {
    await agent.close();
  }
}

async function sendOne({ baseUrl, apiKey, sender, trafficClass }: Paced, dispatcher: Agent): Promise<SentMessage> {
  const to = nextNumber();
  const text = `Your code is ${to.slice(-6)}. Do not share it with anyone.`;
  const sentAtMs = Date.now();
  const { statusCode, body } = await request(`${baseUrl}/api/v1/messages`, {
    method: "POST",
    dispatcher,
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ to, sender, text, class: trafficClass }),
  });
  const said = await body.text();
  return { to, sentAtMs, answerMs: Date.now() - sentAtMs, isAccepted: statusCode === 202 && said.includes('"queued"') };
}

/** Sends one message and waits for it at the SMSC: a new connector is bound within seconds, which belong to no scenario. */
export async function warmUp({ product, tools, chain }: Bench): Promise<void> {
  const baseUrl = product.baseUrl.replace("localhost", "127.0.0.1");
  const { apiKey, sender } = chain;
  let isSent = false;
  await sendPaced({ baseUrl, apiKey, sender, trafficClass: "otp", perSecond: 1 }, () => {
    const wasSent = isSent;
    isSent = true;
    return wasSent;
  });
  await until("the connector is bound", boundTimeoutMs, async () => (await tools.smsc()).count > 0);
}

/**
 * Reads the SMSC's record: lines of number, connection, destination, hash of the text and Unix nanoseconds.
 * @returns milliseconds from request to arrival of each that arrived
 */
export async function waysOf(record: string, sent: readonly SentMessage[]): Promise<number[]> {
  const waiting = new Map(sent.map(({ to, sentAtMs }) => [to, sentAtMs]));
  const ways: number[] = [];
  for await (const line of createInterface({ input: createReadStream(record) })) {
    const [, , to = "", , ns] = line.split(" ");
    const sentAtMs = waiting.get(to);
    if (sentAtMs === undefined || ns === undefined) continue;
    waiting.delete(to);
    ways.push(Number(ns) / 1e6 - sentAtMs);
  }
  return ways;
}
