/** Before all tests: a real Postgres (TEST_DATABASE_URL or an embedded one), and a migrated template to clone from. */

import { rmSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { locks } from "#db/locks.ts";
import { migrate, migrationsDigest } from "#db/migrate.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { openFolder } from "#scripts/open-folder.ts";

export default async function setup(): Promise<() => Promise<void>> {
  let server: EmbeddedPostgres | undefined;
  let folder: string | undefined;
  let url = process.env.TEST_DATABASE_URL;
  if (!url) {
    folder = openFolder("test");
    // A throw-away cluster: durability is proven by the crash tests, which start their own.
    server = await startEmbeddedPostgres({
      dataDir: path.join(folder, "data"),
      port: await freePort(),
      settings: { fsync: "off" },
    });
    url = server.url;
    process.env.TEST_DATABASE_URL = url;
  }
  process.env.TEST_TEMPLATE = await makeTemplate(url);
  return async () => {
    if (!server || !folder) return;
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<string> {
  const name = `banyan_template_${await migrationsDigest()}`;
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(${locks.testTemplate}::int)`;
    const [known] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!known) {
      const building = `${name}_building`;
      await sql.unsafe(`drop database if exists ${building} with (force)`);
      await sql.unsafe(`create database ${building}`);
      await migrate(withDatabase(url, building));
      await sql.unsafe(`alter database ${building} rename to ${name}`);
    }
    return name;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function withDatabase(url: string, name: string): string {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.toString();
}
