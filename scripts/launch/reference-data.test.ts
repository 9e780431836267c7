/** Every installation knows the operators, and a second start changes nothing. */
import { expect, it } from "vitest";
import { loadReferenceData } from "#scripts/launch/reference-data.ts";
import { testDatabase } from "#tests/database.ts";

const db = await testDatabase();

it("loads operators and prefixes once, however often it runs", async () => {
  const count = () => db.sql`select count(*)::int as n from operator_prefixes`.then((rows) => Number(rows[0]?.n));
  await loadReferenceData(db.url);
  const first = await count();
  expect(first).toBeGreaterThan(50);
  await loadReferenceData(db.url);
  expect(await count()).toBe(first);
});
