/** Postgres is killed under load, again and again: the process lives on, transactions stay apart, the pool comes back. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { connect, type Database, type RawTransaction } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { openFolder } from "#scripts/open-folder.ts";
import { testDatabase } from "#tests/database.ts";
import { eventually } from "#tests/eventually.ts";

const one = await testDatabase(1);
const poolSize = 6;
const kills = 5;
const rowsEach = 4;
const kept: { current: number; committed: Set<number>; refused: number; strayed: string[] } = {
  current: 0,
  committed: new Set(),
  refused: 0,
  strayed: [],
};

async function killablePostgres() {
  const folder = openFolder("lost");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = { dataDir: path.join(folder, "data"), port: await freePort(), settings: { fsync: "off" } };
  let running = await startEmbeddedPostgres(options);
  onTestFinished(() => running.stop());
  return {
    url: running.url,
    async kill() {
      const ended = once(running.process, "exit");
      running.process.kill("SIGKILL");
      await ended;
    },
    async start() {
      running = await startEmbeddedPostgres(options);
    },
  };
}

/** One transaction that notices when a statement ran anywhere but in it, and that goes on asking after a failure. */
async function insertFew(db: Database): Promise<void> {
  kept.current += 1;
  const number = kept.current;
  const insert = async (tx: RawTransaction, row: number) => {
    const [at] = await tx<{ id: string }[]>`
      with new as (insert into few (number, row) values (${number}, ${row})) select txid_current()::text as id`;
    return at?.id;
  };
  try {
    await db.asSystem(async ({ sql: tx }) => {
      const first = await insert(tx, 1);
      try {
        for (let row = 2; row <= rowsEach; row += 1) {
          const id = await insert(tx, row);
          if (id !== first) kept.strayed.push(`${number}: ${first} and ${id}`);
        }
      } catch (error) {
        await askOn(tx, number);
        throw error;
      }
    });
    kept.committed.add(number);
  } catch {
    kept.refused += 1;
  }
}

/** What a lost transaction asks for later, at once and after its connection may be somebody else's. */
async function askOn(tx: RawTransaction, number: number): Promise<void> {
  const late = async (when: string) => {
    const answers = await Promise.allSettled([tx`insert into few values (${number}, 99)`, tx`rollback`, tx`commit`]);
    if (answers.some((answer) => answer.status === "fulfilled")) kept.strayed.push(`${number}: answered ${when}`);
  };
  await late("at once");
  for (const waitMs of [1, 20, 200, 2_000]) {
    setTimeout(() => void late(`after ${waitMs} ms`), waitMs);
  }
}

it("survives five kills of Postgres: no uncaught error, no stray statement, all connections back", async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on("uncaughtExceptionMonitor", note);
  onTestFinished(() => void process.off("uncaughtExceptionMonitor", note));
  const postgres = await killablePostgres();
  await migrate(postgres.url);
  const db = connect({ url: postgres.url, poolSize, name: "test" });
  onTestFinished(() => db.close());
  await db.sql`create table few (number int, row int)`;
  const heard: string[] = [];
  await db.sql.listen("few", (payload) => heard.push(payload));

  let isOver = false;
  const load = Array.from({ length: poolSize * 3 }, async (_, index) => {
    while (!isOver) {
      if (index % 3 === 0) await db.sql`select ${index}::int`.catch(() => {});
      else await insertFew(db);
      await new Promise(setImmediate);
    }
  });
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = kept.committed.size;
    await eventually(() => expect(kept.committed.size).toBeGreaterThan(before + 50), 5);
    await postgres.kill();
    await postgres.start();
    await eventually(() => expectWholePool(db), 100);
  }
  isOver = true;
  await Promise.all(load);
  await eventually(async () => {
    await db.sql`select pg_notify('few', 'back')`;
    expect(heard).toContain("back");
  }, 200);

  const rows = await db.sql<{ number: number; rows: number[] }[]>`
    select number, array_agg(row order by row) as rows from few group by number`;
  const whole = Array.from({ length: rowsEach }, (_, row) => row + 1);
  expect(rows.filter((found) => JSON.stringify(found.rows) !== JSON.stringify(whole))).toEqual([]);
  const found = new Set(rows.map((row) => row.number));
  expect([...kept.committed].filter((number) => !found.has(number))).toEqual([]);
  expect(kept.refused).toBeGreaterThan(0);
  expect(kept.strayed).toEqual([]);
  expect(uncaught).toEqual([]);
});

/** As many transactions at a time as there are connections, each on its own. */
async function expectWholePool(db: Database): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: poolSize }, () =>
      db.asSystem(async ({ sql }) => {
        const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid, pg_sleep(0.2)`;
        return row?.pid;
      }),
    ),
  );
  expect(new Set(answers).size).toBe(poolSize);
}

it("refuses what a transaction asks for after its end", async () => {
  const ended: RawTransaction[] = [];
  const failed = one.asSystem(async ({ sql }) => {
    ended.push(sql);
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  const askLate = async () => {
    for (const tx of ended) await expect(tx`select 1`).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    return ended.length;
  };
  expect(await askLate()).toBe(1);
  await one.asSystem(async ({ sql }) => {
    await sql`select 1`;
    expect(await askLate()).toBe(1);
  });
});

it("opens a transaction of its own however many queries are under way on a connection", async () => {
  const plain = Array.from({ length: 300 }, () => one.sql`select 1`);
  const inside = Array.from({ length: 5 }, () =>
    one.asSystem(async ({ sql }) => {
      const first = await sql<{ id: string }[]>`select txid_current()::text as id`;
      const second = await sql<{ id: string }[]>`select txid_current()::text as id`;
      return first[0]?.id === second[0]?.id;
    }),
  );
  expect(await Promise.all(inside)).toEqual(Array(5).fill(true));
  await Promise.all(plain);
});

it("fails a transaction whose BEGIN is refused, sends nothing more of it, and keeps the connection", async () => {
  const asked: string[] = [];
  const failed = one.sql.begin("isolation level none", async (sql) => {
    await sql`select 1`;
    asked.push("first");
    await sql`select 2`;
    asked.push("second");
  });
  await expect(failed).rejects.toMatchObject({ code: "42601" });
  expect(asked).not.toContain("second");
  expect(await one.asSystem(({ sql }) => sql`select 1 as n`)).toEqual([{ n: 1 }]);
});
