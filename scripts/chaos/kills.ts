/** Who is killed and when: rounds in which everybody dies once, each round in another order. */
import type { Database } from "#db/client.ts";
import { until } from "#scripts/load/campaign.ts";

export const victims = ["gateway", "smpp-server", "smpp-client", "relay", "webhooks", "workflow", "postgres"] as const;
export type Victim = (typeof victims)[number];

export type Reach = {
  db: Database;
  /** Process ids by name, as they are now. */
  processes(): Map<string, number>;
};

export type Kill = { victim: string; backAfterMs: number };

const patienceMs = 180_000;

/** @param times how often each of them dies */
export function scheduleOf(names: readonly Victim[], times: number): Victim[] {
  return Array.from({ length: times }, () => shuffled(names)).flat();
}

/** SIGKILL, and then until the supervisor has another one in its place and the database answers. */
export async function killOne({ db, processes }: Reach, victim: string): Promise<Kill> {
  let pid: number | undefined;
  await until(`${victim} runs`, patienceMs, async () => {
    pid = processes().get(victim);
    return pid !== undefined;
  });
  process.kill(pid ?? 0, "SIGKILL");
  const killedAtMs = performance.now();
  await until(`${victim} is back`, patienceMs, async () => {
    const next = processes().get(victim);
    return next !== undefined && next !== pid;
  });
  await until("the database answers", patienceMs, async () => (await db.sql`select 1`).length === 1);
  return { victim, backAfterMs: performance.now() - killedAtMs };
}

/** For each victim: how often, and the median and longest time until its successor was there. */
export function summaryOf(kills: readonly Kill[]): { process: string; kills: number; "back ms": string }[] {
  const names = [...new Set(kills.map(({ victim }) => victim))].sort();
  return names.map((process) => {
    const times = kills.filter(({ victim }) => victim === process).map(({ backAfterMs }) => Math.round(backAfterMs));
    times.sort((a, b) => a - b);
    return { process, kills: times.length, "back ms": `${times[times.length >> 1]}, at most ${times.at(-1)}` };
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
