/** Applies db/migrations/*.sql in name order, each once, in one transaction, under an advisory lock. */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { dial } from "#db/dial.ts";
import { locks } from "#db/locks.ts";

const folder = path.join(process.cwd(), "db/migrations");

/** Digest of all migrations: names the template database of the tests. */
export async function migrationsDigest(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of await migrationNames()) hash.update(name).update(await readFile(path.join(folder, name)));
  return hash.digest("hex").slice(0, 12);
}

/** Returns the names applied by this call. Fails when an applied file was changed afterwards. */
export async function migrate(url: string): Promise<string[]> {
  const sql = dial(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${locks.migrate}::int)`;
      await tx`create table if not exists schema_migrations (name text primary key, digest text not null, applied_at timestamptz not null default now())`;
      const done = new Map((await tx`select name, digest from schema_migrations`).map((r) => [r.name, r.digest]));
      const applied: string[] = [];
      for (const name of await migrationNames()) {
        const text = await readFile(path.join(folder, name), "utf8");
        const digest = createHash("sha256").update(text).digest("hex");
        const known = done.get(name);
        if (known === digest) continue;
        if (known) throw new Error(`Migration ${name} was changed after it had been applied. Add a new one instead.`);
        for (const statement of text.split("--> statement-breakpoint")) {
          if (statement.trim()) await tx.unsafe(statement);
        }
        await tx`insert into schema_migrations (name, digest) values (${name}, ${digest})`;
        applied.push(name);
      }
      return applied;
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function migrationNames(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
}
