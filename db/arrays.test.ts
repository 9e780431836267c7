/** Array literals arrive as the values that went in, whatever they are. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { plainArray, textArray } from "#db/arrays.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";

const db = await testDatabase();

it("keeps any text, and null apart from the word", async () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
  const odd = fc.constantFrom("NULL", "null", "", " ", "{}", "{a,b}", '"', "\\", '\\"', ",", "a\nb", "'");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(text, odd, fc.constant(null)), { maxLength: 20 }), async (values) => {
      const rows = await db.sql<{ value: string | null }[]>`
        select value from unnest(${textArray(values)}::text[]) with ordinality as t (value, n) order by n`;
      expect(rows.map((row) => row.value)).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

it("keeps ids, numbers, flags and moments", async () => {
  const ids = [newId(), newId()];
  const [row] = await db.sql`
    select ${plainArray(ids)}::uuid[] as ids, ${plainArray([1, -2.5])}::float8[] as numbers,
      ${plainArray([12n ** 15n])}::bigint[] as large, ${plainArray([true, false])}::boolean[] as flags,
      ${plainArray(["2026-11-22T06:00:00.123Z"])}::timestamptz[] as moments, ${plainArray([])}::uuid[] as none`;
  expect(row).toEqual({
    ids,
    numbers: [1, -2.5],
    large: [12n ** 15n],
    flags: [true, false],
    moments: [new Date("2026-11-22T06:00:00.123Z")],
    none: [],
  });
});
