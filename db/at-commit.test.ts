/** What is sent with the COMMIT: it comes behind all else, and when it fails nothing was written and the error is told. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Statement, type Tx } from "#db/client.ts";
import { testDatabase } from "#tests/database.ts";

const direct = await testDatabase();
const name = "kept_at_commit";

/** As behind a pooler, where no statement is prepared: each is described before the next one leaves. */
const pooled = connect({ url: `${direct.url}?role=banyan_system`, poolSize: 8, name: "pooled", directUrl: direct.url });

beforeAll(async () => {
  await direct.sql.unsafe(
    `set role none; create table ${name} (n int primary key, at int); grant all on ${name} to public`,
  );
});
afterAll(() => pooled.close());

const put = ({ sql }: Tx, n: number): Statement => sql`insert into ${sql(name)} (n) values (${n})`;
describe.each([
  ["prepared", direct],
  ["through a pooler", pooled],
])("a statement at the commit, %s,", (_, db) => {
  const rows = async () =>
    (await db.sql<{ n: number }[]>`select n from ${db.sql(name)} order by n`).map((row) => row.n);
  const empty = () => db.sql`delete from ${db.sql(name)}`;

  it("is written in its order behind what the work itself wrote", async () => {
    await empty();
    const seen = await db.asSystem(async (tx) => {
      tx.lastAtCommit(tx.sql`update ${tx.sql(name)} set at = (select count(*) from ${tx.sql(name)}) where n = 3`);
      tx.atCommit(put(tx, 2), put(tx, 3));
      await put(tx, 1);
      return tx.sql<{ n: number }[]>`select n from ${tx.sql(name)}`;
    });
    expect(seen.map((row) => row.n)).toEqual([1]);
    expect(await db.sql`select n, at from ${db.sql(name)} order by n`).toEqual([
      { n: 1, at: null },
      { n: 2, at: null },
      { n: 3, at: 3 },
    ]);
  });

  it("takes the whole transaction with it when it fails, and tells the first error", async () => {
    await empty();
    const work = db.asSystem(async (tx) => {
      await put(tx, 1);
      tx.atCommit(put(tx, 2), put(tx, 1), tx.sql`select 1 / 0`);
      tx.lastAtCommit(put(tx, 4));
    });
    await expect(work).rejects.toMatchObject({ code: "23505" });
    expect(await rows()).toEqual([]);
    const next = db.asSystem(async (tx) => tx.atCommit(put(tx, 5)));
    await next;
    expect(await rows()).toEqual([5]);
  });

  it("commits nothing when one of them cannot even be sent, however the ones before it were", async () => {
    await empty();
    const unsendable = (tx: Tx): Statement =>
      tx.sql`insert into ${tx.sql(name)} (n) values (${undefined as unknown as number})`;
    // New on its connection, a statement is described before the next one leaves; known, all of them leave at once.
    for (let round = 0; round < 8; round += 1) {
      const work = db.asSystem(async (tx) => {
        tx.atCommit(
          put(tx, round),
          tx.sql`insert into ${tx.sql(name)} (n, at) values (${100 + round}, ${round % 3})`,
          unsendable(tx),
        );
        tx.lastAtCommit(put(tx, 200 + round));
      });
      await expect(work).rejects.toMatchObject({ code: "UNDEFINED_VALUE" });
    }
    expect(await rows()).toEqual([]);
  });

  it("is not sent when the work itself fails", async () => {
    await empty();
    const work = db.asSystem(async (tx) => {
      tx.atCommit(put(tx, 1));
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await rows()).toEqual([]);
  });

  it("holds many transactions at a time apart", async () => {
    await empty();
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        db.asSystem(async (tx) => {
          await tx.sql`select ${n}::int`;
          tx.atCommit(put(tx, n % 40));
          return n;
        }),
      ),
    );
    const written = results.flatMap((result) => (result.status === "fulfilled" ? [result.value % 40] : []));
    expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await rows()).toEqual(written);
  });
});
