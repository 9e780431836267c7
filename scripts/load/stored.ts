/** A throw-away database that holds millions of messages over many days: people and prices by verbs, messages by SQL. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { connect, type Database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { platform } from "#scripts/demo/actors.ts";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { makeLoadChain } from "#scripts/load/chain.ts";
import { dayStatements, extraTenants, type Filling } from "#scripts/load/stored-rows.ts";
import { plantRoot } from "#scripts/plant-root.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import { loadOperators, type OperatorData } from "#server/domain/routing/load-operators.ts";
import { newId } from "#server/kernel/id.ts";

export type Stored = Filling & { rootId: string; messages: number };
export type StoredDatabase = { db: Database; url: string; stored: Stored; stop(): Promise<void> };

/** Past partitions hold one version of a row: what updates left was cleaned up long ago. */
const packedFillFactor = 90;
const tables = ["messages", "carrier_refs", "message_events"] as const;

/** Nothing of it must survive a crash: it is made anew then. */
const throwAway = {
  fsync: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "1GB",
  autovacuum: "off",
  maintenance_work_mem: "384MB",
};

/** Fills the folder when it is new, and opens it as it is when it was filled before. */
export async function openStored(folder: string, messages: number, days: number): Promise<StoredDatabase> {
  const server = await startEmbeddedPostgres({ dataDir: folder, port: await freePort(), settings: throwAway });
  const noted = path.join(folder, "stored.json");
  const stored = existsSync(noted)
    ? (JSON.parse(readFileSync(noted, "utf8")) as Stored)
    : await make(server.url, messages, days);
  writeFileSync(noted, JSON.stringify(stored));
  await migrate(server.url);
  const db = connect({ url: server.url, poolSize: 4, name: "stored" });
  return {
    db,
    url: server.url,
    stored,
    async stop() {
      await db.close();
      await server.stop();
    },
  };
}

async function make(url: string, messages: number, days: number): Promise<Stored> {
  await migrate(url);
  const db = connect({ url, poolSize: 4, name: "fill" });
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const filling = await makeWorld(db, messages, days);
    await extraTenants(sql, filling);
    await fill(sql, filling);
    return { ...filling, messages };
  } finally {
    await sql.end();
    await db.close();
  }
}

async function makeWorld(db: Database, messages: number, days: number): Promise<Filling & { rootId: string }> {
  const place = { currency: "EUR", country: "VN", timeZone: "Asia/Ho_Chi_Minh" };
  const { tenant } = await plantRoot(db, { name: "Load", email: `${newId()}@load.example`, ...place });
  const operators = JSON.parse(readFileSync("scripts/data/operators.json", "utf8")) as OperatorData;
  await loadOperators(platform(db, tenant.id), operators);
  const smsc = { host: "127.0.0.1", port: 9 };
  const chain = await makeLoadChain(db, { smsc, callback: { url: "http://127.0.0.1:9/", batchSize: 100 } });
  const id = newId();
  const items = [{ id, sender: chain.sender, to: "+84912345678", text: "Your parcel is on its way." }];
  const source = { batchId: newId(), source: "http" as const, items };
  const [outcome] = await submitMessages(platform(db, chain.tenantId), source);
  if (outcome?.status !== "queued") throw new Error(`A message was refused: ${outcome?.error?.code}`);
  const [row] = await db.sql<{ rateId: string; senderId: string; operatorId: string; connectorId: string }[]>`
    select rate_id as "rateId", sender_id as "senderId", operator_id as "operatorId", connector_id as "connectorId"
    from messages where id = ${id}`;
  if (!row) throw new Error("The message is not there.");
  const { tenantId, sender, endpointId } = chain;
  const perDay = Math.ceil(messages / days);
  return { rootId: tenant.id, tenantId, sender, endpointId, perDay, days, ...row };
}

/** Without indexes, which are made afterwards: sorting once is a fraction of inserting ten million times. */
async function fill(sql: postgres.Sql, filling: Filling): Promise<void> {
  await sql`select banyan_ensure_partitions((now() at time zone 'UTC')::date - ${filling.days}::int, ${filling.days + 2}::int)`;
  await sql`truncate messages, carrier_refs, message_events, send_queue`;
  const indexes = await dropIndexes(sql);
  const startedMs = Date.now();
  const said = (text: string) => console.log(`${((Date.now() - startedMs) / 1_000).toFixed(0)} s: ${text}`);
  for (let day = 0; day < filling.days; day += 1) {
    for (const statement of dayStatements(filling, day, packedFillFactor)) await sql.unsafe(statement);
    if (day % 8 === 7) said(`${day + 1} of ${filling.days} days`);
  }
  for (const index of indexes) {
    await sql.unsafe(index);
    said(index.slice(0, 90));
  }
  for (const table of [...tables, "webhook_attempts", "tenants", "send_queue"])
    await sql.unsafe(`vacuum analyze ${table}`);
  const [size] = await sql<{ size: string }[]>`select pg_size_pretty(pg_database_size(current_database())) as size`;
  said(`filled: ${size?.size}`);
}

/** @returns what makes them again */
async function dropIndexes(sql: postgres.Sql): Promise<string[]> {
  const made: string[] = [];
  for (const table of tables) {
    const keys = await sql<{ name: string; def: string }[]>`
      select conname as name, pg_get_constraintdef(oid) as def from pg_constraint
      where conrelid = ${table}::regclass and contype = 'p'`;
    for (const { name, def } of keys) {
      await sql.unsafe(`alter table ${table} drop constraint ${name}`);
      made.push(`alter table ${table} add constraint ${name} ${def}`);
    }
    const rest = await sql<{ name: string; def: string }[]>`
      select indexname as name, indexdef as def from pg_indexes where schemaname = 'public' and tablename = ${table}`;
    for (const { name, def } of rest) {
      await sql.unsafe(`drop index ${name}`);
      made.push(def.replace(" ON ONLY ", " ON "));
    }
  }
  return made;
}
