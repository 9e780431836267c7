/** What the relay's gauges say is what is there. */
import { register } from "prom-client";
import { expect, it } from "vitest";
import { systemClock } from "#server/kernel/clock.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";
import { loops } from "./loops.ts";

const db = await testDatabase();
const gauge = async (name: string, lane?: string) =>
  (await register.getSingleMetric(name)?.get())?.values.find(({ labels }) => labels.lane === lane)?.value;

it("tells the queue by lane and its age, and the days ahead and not settled", async () => {
  const tree = await makeSendingTree(db);
  await send(contextFor(db, tree.subaccount.id), [itemOf({ class: "otp" }), itemOf(), itemOf()]);
  await db.sql`update send_queue set ready_at = now() - interval '1 minute' where lane = 0`;
  await db.sql`select banyan_ensure_partitions((now() at time zone 'UTC')::date - 20, 1)`;
  const { housekeeping } = loops(db, async () => {}, systemClock.now);
  for (const name of ["queue", "partitions", "retention"]) await housekeeping.find((one) => one.name === name)?.pass();
  expect(await gauge("banyan_queue_messages", "transactional")).toBe(2);
  expect(await gauge("banyan_queue_oldest_seconds", "otp")).toBeGreaterThanOrEqual(60);
  expect(await gauge("banyan_queue_oldest_seconds", "bulk")).toBe(0);
  expect(await gauge("banyan_days_ahead")).toBe(7);
  // Closed a moment ago: settled at a later pass, when nobody can still be writing into it.
  expect(await gauge("banyan_days_unsettled")).toBe(1);
});
