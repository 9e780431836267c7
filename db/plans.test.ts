/** How the data plane's statements are planned: once while there are few days, each for itself when there are many. */
import { expect, it, onTestFinished } from "vitest";
import { connect } from "#db/client.ts";
import { testDatabase } from "#tests/database.ts";
import { eventually } from "#tests/eventually.ts";

const db = await testDatabase(2);

/** The mode with which connections begin, once the days are counted. */
async function expectMode(mode: string): Promise<void> {
  const database = connect({ url: db.url, poolSize: 3, name: "plans", genericPlans: true });
  onTestFinished(() => database.close());
  await eventually(() => expect(database.sql.options.connection).toMatchObject({ plan_cache_mode: mode }));
  // The first was there before the count.
  const connections = await Promise.all([1, 2, 3].map(() => database.sql.reserve()));
  const modes = await Promise.all(connections.map((one) => one`select current_setting('plan_cache_mode') as mode`));
  expect(modes.slice(1).flat()).toMatchObject([{ mode }, { mode }]);
  for (const one of connections) one.release();
}

it("counts the days that a plan would have to know", async () => {
  await expectMode("force_generic_plan");
  await db.sql`select banyan_ensure_partitions((now() at time zone 'UTC')::date - 60, 60)`;
  await expectMode("force_custom_plan");
});

it("leaves pools alone that did not ask for it", async () => {
  const [row] = await db.sql`select current_setting('plan_cache_mode') as mode`;
  expect(row?.mode).toBe("auto");
});
