/** The worker killed in the middle, again and again: every callback arrives, repeats carry the same ids. */
import { expect, it } from "vitest";
import { testDatabase } from "#tests/database.ts";
import { makeTree } from "#tests/factories.ts";
import { endMessages, eventIdsOf, makeEndpoint, openSink } from "#tests/webhooks.ts";
import { startWorker } from "#tests/worker-process.ts";

const db = await testDatabase();
const kills = 3;

it("loses no callback to kill -9, and two workers take over from each other", async () => {
  const { partner } = await makeTree(db);
  const single = await openSink();
  const batched = await openSink();
  await makeEndpoint(db, partner.id, single);
  await makeEndpoint(db, partner.id, batched, { batchSize: 20 });
  const start = () => startWorker("workers/webhooks/main.ts", 6, { DATABASE_URL: db.url });
  const ids: string[] = [];
  const workers = await Promise.all([start(), start()]);
  for (let kill = 0; kill < kills; kill++) {
    ids.push(...(await endMessages(db, partner.id, 3_000)));
    const seen = single.distinct.size;
    await expect.poll(() => single.distinct.size, { interval: 5 }).toBeGreaterThan(seen + 200);
    const [victim] = workers.splice(0, 1);
    await victim?.kill("SIGKILL");
    workers.push(await start());
  }
  const expected = eventIdsOf(ids).sort();
  for (const sink of [single, batched]) {
    await expect.poll(() => sink.distinct.size, { interval: 100 }).toBe(expected.length);
    expect([...sink.distinct].sort()).toEqual(expected);
    expect(sink.forged).toBe(0);
  }
  await expect.poll(async () => (await db.sql`select 1 from outgoing_receipts`).length).toBe(0);
  // What was under way, and what waited to be written, at each kill.
  const repeats = single.events.length - expected.length;
  expect(repeats).toBeLessThanOrEqual(kills * 2_000);
});
