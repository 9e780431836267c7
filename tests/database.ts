/** One database per test file, cloned from the migrated template and dropped at its end. */

import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll } from "vitest";
import { connect, type Database } from "#db/client.ts";
import { locks } from "#db/locks.ts";

export type TestDatabase = Database & { url: string };

/** Call it at the top of a test file. */
export async function testDatabase(poolSize = 8): Promise<TestDatabase> {
  const base = process.env.TEST_DATABASE_URL;
  const template = process.env.TEST_TEMPLATE;
  if (!base || !template) throw new Error("tests/global-setup.ts did not run.");
  const name = `banyan_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const admin = postgres(base, { max: 1, onnotice: () => {} });
  // Cloning locks the template; the lock makes parallel files wait for each other instead of failing.
  await admin`select pg_advisory_lock(${locks.testCopy}::int)`;
  await admin.unsafe(`create database ${name} template ${template}`);
  await admin`select pg_advisory_unlock(${locks.testCopy}::int)`;
  const url = new URL(base);
  url.pathname = `/${name}`;
  const database = connect({ url: url.toString(), poolSize, name: "test" });
  afterAll(async () => {
    await database.close();
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end({ timeout: 5 });
  });
  return { ...database, url: url.toString() };
}
