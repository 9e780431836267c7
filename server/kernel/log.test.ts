/** What must never reach the log: parameters of queries, values of rows, secrets by name. */
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { users } from "#db/schema/identity.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { makeLog } from "#server/kernel/log.ts";
import { testDatabase } from "#tests/database.ts";

const db = await testDatabase();
const secret = "hunter2\n    at hunter2";

function written(about: object): string {
  let text = "";
  const sink = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  makeLog("trace", sink).error(about, "it failed");
  return text;
}

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => {
      throw new Error("It was to fail.");
    },
    (error: unknown) => error,
  );
}

describe("the log", () => {
  it.each([
    [
      "a typed query",
      () => db.asSystem((tx) => tx.db.update(users).set({ name: secret }).where(sql`no_such_column = ${secret}`)),
    ],
    [
      "a typed query with a wrong value",
      () => db.asSystem((tx) => tx.db.select().from(users).where(eq(users.id, secret))),
    ],
    ["raw SQL", () => db.sql`select * from users where no_such_column = ${secret}`],
    ["raw SQL with a wrong value", () => db.sql`select ${secret}::uuid`],
    [
      "a broken constraint, whose detail holds the row",
      () =>
        db.sql`insert into users (id, tenant_id, email, name, role) values (${newId()}, ${newId()}, ${secret}, ${secret}, 'king')`,
    ],
  ])("tells of %s that failed, without its values", async (_, work) => {
    const error = await failureOf(work);
    for (const about of [{ err: error }, { err: new Error("around it", { cause: error }) }, { error }]) {
      const text = written(about);
      expect(text).toContain("it failed");
      expect(text).not.toContain("hunter2");
    }
    expect(written({ err: error })).toMatch(/"code":"\w{5}"/);
  });

  it("is not the only place: a failed query prints without its values wherever it is printed", async () => {
    const error = await failureOf(() =>
      db.asSystem((tx) => tx.db.execute(sql`select no_such_column from users where name = ${secret}`)),
    );
    expect(inspect(error)).toContain("no_such_column");
    expect(inspect(error)).not.toContain("hunter2");
  });

  it("keeps what explains an error of our own", () => {
    const text = written({ err: new DomainError("conflict", "taken", "Choose another one.", { name: secret }) });
    expect(text).toContain("Choose another one.");
    expect(text).toContain("log.test.ts");
    expect(text).not.toContain("hunter2");
  });

  it("hides secrets by their names", () => {
    expect(written({ password: secret, user: { token: secret }, connector: { login: { key: secret } } })).not.toContain(
      "hunter2",
    );
  });
});
