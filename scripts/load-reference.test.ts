/** Every installation knows the operators, and a second start changes nothing. */
import { expect, it } from "vitest";
import { loadReference } from "#scripts/load-reference.ts";
import { testDatabase } from "#tests/database.ts";

const db = await testDatabase();

it("loads operators and prefixes once, however often it runs", async () => {
  const count = () => db.sql`select count(*)::int as n from operator_prefixes`.then((rows) => Number(rows[0]?.n));
  await loadReference(db);
  const first = await count();
  expect(first).toBeGreaterThan(50);
  await loadReference(db);
  expect(await count()).toBe(first);
});
