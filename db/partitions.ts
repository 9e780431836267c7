/** Day partitions as the catalog knows them, and how one goes: detached without a lock that others wait behind, then dropped. */
import type postgres from "postgres";
import type { RawSql, RawTransaction } from "#db/client.ts";
import { dial } from "#db/dial.ts";
import { locks } from "#db/locks.ts";

/** Tables that have a partition for each day (UTC), made by banyan_ensure_partitions. */
export const partitionedTables = ["messages", "message_events", "carrier_refs"] as const;
export type PartitionedTable = (typeof partitionedTables)[number];

export type Partition = {
  table: PartitionedTable;
  /** ISO date, UTC. */
  day: string;
  name: string;
  /**
   * `detaching` and `detached`: dropping it was begun here and not ended; queries do not see it any more. What somebody
   * else detached, to keep it elsewhere, is not listed.
   */
  state: "attached" | "detaching" | "detached";
  /** With its indexes. */
  bytes: number;
  /** As the last ANALYZE saw it; 0 when there was none. */
  rows: number;
};

/** A comment on a partition whose dropping has begun. */
const condemned = "retention: being dropped";

/** From the catalog as the transaction's snapshot has it: what is attached here is what its queries read. */
export async function listPartitions(sql: RawSql | RawTransaction): Promise<Partition[]> {
  return sql<Partition[]>`
    select t.name as table, to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day, c.relname as name,
      case when i.inhrelid is null then 'detached' when i.inhdetachpending then 'detaching' else 'attached' end as state,
      pg_total_relation_size(c.oid)::float8 as bytes, greatest(c.reltuples, 0)::float8 as rows
    from unnest(${[...partitionedTables]}::text[]) as t (name)
    join pg_class c on c.relname ~ ('^' || t.name || '_[0-9]{8}$') and c.relkind = 'r'
      and c.relnamespace = 'public'::regnamespace
    left join pg_inherits i on i.inhrelid = c.oid
    where (i.inhrelid is not null and not i.inhdetachpending) or obj_description(c.oid, 'pg_class') = ${condemned}
    order by 2, 1`;
}

/** One connection as the account that owns the tables, straight to the server: a pooler cannot hold its lock. */
export type Owner = {
  /** @returns false when another process is at it, or when something holds a lock for too long: to be tried again later */
  drop(partition: Pick<Partition, "table" | "name" | "state">): Promise<boolean>;
  close(): Promise<void>;
};

const lockTimeout = "5s";

/** Null when another process has the work. */
export async function connectOwner(url: string): Promise<Owner | null> {
  const sql = dial(url, {
    max: 1,
    onnotice: () => {},
    prepare: false,
    connection: { application_name: "retention", role: "none", lock_timeout: lockTimeout } as Record<string, string>,
  });
  try {
    const [lock] = await sql<{ ok: boolean }[]>`select pg_try_advisory_lock(${locks.dropDays}::int) as ok`;
    if (!lock?.ok) {
      await sql.end({ timeout: 5 });
      return null;
    }
  } catch (error) {
    await sql.end({ timeout: 5 });
    throw error;
  }
  return { drop: (partition) => drop(sql, partition), close: () => sql.end({ timeout: 5 }) };
}

/**
 * DETACH … CONCURRENTLY waits for those who use the table, and nobody waits for it; a plain DROP would lock the whole
 * table. What a kill leaves half done is found by its state and ended here.
 */
async function drop(
  sql: postgres.Sql,
  { table, name, state }: Pick<Partition, "table" | "name" | "state">,
): Promise<boolean> {
  const [parent, child] = [`public.${table}`, `public.${name}`];
  try {
    if (state === "attached") await sql.unsafe(`comment on table ${child} is '${condemned}'`);
    if (state === "attached") await sql.unsafe(`alter table ${parent} detach partition ${child} concurrently`);
    if (state === "detaching") await sql.unsafe(`alter table ${parent} detach partition ${child} finalize`);
    await sql.unsafe(`drop table ${child}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === lockNotAvailable) return false;
    throw error;
  }
}

const lockNotAvailable = "55P03";
