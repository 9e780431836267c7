/** What the patched driver keeps for the next query – its buffers, the texts of templates – never changes what a query says. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { testDatabase } from "#tests/database.ts";

const { sql } = await testDatabase();

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

it("sends messages of any length, many at once, on every connection", async () => {
  const lengths = [0, 1, 63, 32_000, 33_000, 65_536, 70_000, 1_100_000, 2_500_000, 5, 40_000];
  for (let round = 0; round < 3; round += 1) {
    const texts = lengths.map((length, n) => String.fromCharCode(97 + n + round).repeat(length));
    const told = await Promise.all(
      texts.flatMap((text) => [
        sql<{ sum: string }[]>`select md5(${text}) as sum`,
        sql<{ sum: string }[]>`select md5(${Buffer.from(text)}::bytea) as sum`,
      ]),
    );
    expect(told.map(([row]) => row?.sum)).toEqual(texts.flatMap((text) => [md5(text), md5(text)]));
  }
});

it("reads answers however they are cut", async () => {
  const rows = await sql<{ n: number; text: string }[]>`
    select n, repeat('x', n * 7 % 3000) as text from generate_series(1, 3000) n order by n`;
  expect(rows).toHaveLength(3_000);
  expect(rows.every(({ n, text }, index) => n === index + 1 && text.length === (n * 7) % 3_000)).toBe(true);
});

it("takes values of other types, and parts of statements, through one template", async () => {
  const echo = (value: unknown) => sql<{ x: unknown }[]>`select ${value as string} as x`;
  const day = new Date("2026-01-02T03:04:05.000Z");
  const values = [true, 7n, "a", day, null, false, 8n, "b", day, true];
  for (const value of values) expect((await echo(value))[0]?.x).toEqual(value);
  const counted = (filter: ReturnType<typeof sql>, least: number) =>
    sql<{ n: number }[]>`select count(*)::int as n from generate_series(1, 10) i where i >= ${least} ${filter}`;
  expect((await counted(sql``, 3))[0]?.n).toBe(8);
  expect((await counted(sql`and i < ${7}`, 3))[0]?.n).toBe(4);
  expect((await counted(sql``, 9))[0]?.n).toBe(2);
  expect((await counted(sql`and i in ${sql([9, 10])} and ${true}`, 3))[0]?.n).toBe(2);
});
