/** Arrays arrive as the values that went in, whatever they are; what is no value of their type does not leave. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type ArrayParameter,
  bigintArray,
  booleanArray,
  dayArray,
  doubleArray,
  intArray,
  momentArray,
  smallintArray,
  textArray,
  uuidArray,
} from "#db/arrays.ts";
import { testDatabase } from "#tests/database.ts";

const db = await testDatabase();

const grapheme = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
const odd = fc.constantFrom("NULL", "null", "", " ", "{}", "{a,b}", '"', "\\", '\\"', ",", "a\nb", "'", "ж".repeat(70));
const long = fc.string({ unit: "grapheme", minLength: 300 }).filter((value) => !value.includes("\0"));
const most = 2 ** 31 - 1;

const kinds = {
  uuid: { of: fc.uuid(), array: uuidArray },
  text: { of: fc.oneof(grapheme, odd, long), array: textArray },
  smallint: { of: fc.integer({ min: -32_768, max: 32_767 }), array: smallintArray },
  int: { of: fc.integer({ min: -most - 1, max: most }), array: intArray },
  bigint: { of: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), array: bigintArray },
  float8: { of: fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)), array: doubleArray },
  boolean: { of: fc.boolean(), array: booleanArray },
  timestamptz: {
    of: fc.date({ min: new Date("1900-01-01"), max: new Date("2200-01-01"), noInvalidDate: true }),
    array: momentArray,
  },
} as Record<string, { of: fc.Arbitrary<unknown>; array(values: readonly unknown[]): ArrayParameter }>;

it.each(Object.keys(kinds))("keeps any %s, and null", async (name) => {
  const kind = kinds[name];
  if (!kind) throw new Error(name);
  const type = db.sql.unsafe(name);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(kind.of, fc.constant(null)), { maxLength: 20 }), async (values) => {
      const rows = await db.sql<{ value: unknown }[]>`
        select value from unnest(${kind.array(values)}::${type}[]) with ordinality as t (value, n) order by n`;
      expect(rows.map((row) => row.value)).toEqual(values);
    }),
    { numRuns: 100 },
  );
});

it("counts days from 1970", async () => {
  const [row] = await db.sql`
    select array_agg(coalesce(day::text, '') order by n) as days
    from unnest(${dayArray([0, -1, 20_779, null])}::date[]) with ordinality as t (day, n)`;
  expect(row?.days).toEqual(["1970-01-01", "1969-12-31", "2026-11-22", ""]);
});

it("goes where no statement is prepared, and beside values of other kinds", async () => {
  const [row] = await db.sql.unsafe(
    "select $1::int as one, $2::text[] as texts, $3::text as nothing, $4::bytea as bytes",
    [1, textArray(["a", "b"]), null, Buffer.from([0, 255])],
  );
  expect(row).toEqual({ one: 1, texts: ["a", "b"], nothing: null, bytes: Buffer.from([0, 255]) });
});

it("refuses what is no value of its type", () => {
  const id = "019aa9d2-8f66-7cc3-9d2f-7c4f4ac01d2e";
  for (const wrong of [
    "",
    "x",
    id.slice(1),
    `${id}0`,
    id.replace("9", "g"),
    id.replaceAll("-", "0"),
    `ж${id.slice(1)}`,
  ]) {
    expect(() => uuidArray([wrong])).toThrow(RangeError);
  }
  expect(() => intArray([1.5])).toThrow(RangeError);
  expect(() => intArray([2 ** 31])).toThrow(RangeError);
  expect(() => smallintArray([Number.NaN])).toThrow(RangeError);
  expect(() => bigintArray([2n ** 63n])).toThrow(RangeError);
  expect(() => momentArray([new Date("no day")])).toThrow(RangeError);
});
