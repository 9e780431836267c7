/** Connections to Postgres: one pool a process, and transactions that offer typed queries (db) and raw SQL (sql). */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { dial } from "#db/dial.ts";

type BigIntTypes = { bigint: bigint };
export type RawSql = postgres.Sql<BigIntTypes>;
export type RawTransaction = postgres.TransactionSql<BigIntTypes>;

/** A statement that is not sent before somebody asks for it. */
export type Statement = postgres.PendingQuery<postgres.Row[]>;

/** A transaction. `db` builds typed queries; `sql` is for set-based SQL on the hot path. Both share one connection. */
export type Tx = {
  readonly sql: RawTransaction;
  readonly db: PostgresJsDatabase;
  /**
   * Sends these behind all others, with the COMMIT and without waiting for what they say. For what nobody in the transaction
   * reads again. When one fails, so does the transaction, with its error.
   */
  atCommit(...statements: Statement[]): void;
  /**
   * Behind those of atCommit: locks rows that everybody needs, and holds them from here to the disk only, not for as long as
   * this process is busy meanwhile.
   */
  lastAtCommit(...statements: Statement[]): void;
};

export type Database = {
  /** Outside a transaction, as banyan_system. */
  readonly sql: RawSql;
  /**
   * Runs as banyan_system: data plane and platform jobs, which scope by hand. When the connection is lost, or after the
   * end of the work, every further query of it is refused: none can reach a connection that others use.
   */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs as banyan_app behind row-level security: sees the tenant and its subtree only. */
  asTenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type ConnectOptions = {
  url: string;
  poolSize: number;
  name: string;
  /**
   * Plans statements once instead of for every set of values: right for a data plane of few statements that all go by
   * index, where planning would be half of Postgres's work; wrong for reports, whose values decide the way.
   */
  genericPlans?: boolean;
  /**
   * Given where `url` leads through a pooler in transaction mode: nothing may belong to a connection then but what is set
   * within a transaction. LISTEN goes this way. The account of `url` must be banyan_system from the start (ALTER ROLE … SET role).
   */
  directUrl?: string | undefined;
};

/** Between attempts to connect, and so the longest that a query waits for the news that nobody is there. */
const mostBackoffS = 0.5;

/** What the patched driver says of itself. */
const patches = ["endsLostTransactions", "sendsBytes", "commitsAtOnce"];

/** int8 comes back as bigint, timestamptz as Date; json parameters may be objects or text that is JSON already. */
export function connect({ url, poolSize, name, genericPlans = false, directUrl }: ConnectOptions): Database {
  // Made while a day is empty, such a plan would read the day as a whole until somebody analyses it.
  const plans = genericPlans ? { plan_cache_mode: "force_generic_plan", enable_seqscan: "off" } : {};
  const own = { role: "banyan_system", ...plans };
  const sql: RawSql = dial<BigIntTypes>(url, {
    max: poolSize,
    types: { bigint: postgres.BigInt },
    connection: { application_name: name, ...(directUrl ? {} : own) } as Record<string, string>,
    prepare: !directUrl,
    onnotice: () => {},
    idle_timeout: 0,
    connect_timeout: 10,
    // The driver's own waits up to 20 s: much longer than a restart of Postgres takes.
    backoff: (failures: number) => (0.5 + Math.random() / 2) * Math.min(mostBackoffS, 0.02 * 2 ** failures),
  });
  // Without the patch, queries of a transaction whose connection was lost end the process, or land in another transaction,
  // arrays are no bytes, and a COMMIT that rolled back says nothing.
  if (!patches.every((patch) => patch in sql)) {
    throw new Error("The Postgres driver is not patched: run `npx patch-package`.");
  }
  const asJson = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  sql.options.serializers[114] = asJson;
  sql.options.serializers[3802] = asJson;

  const stopSizing = genericPlans && !directUrl ? sizePlans(sql) : () => {};
  const listener = directUrl ? dial<BigIntTypes>(directUrl, { max: 1, connection: { application_name: name } }) : null;
  if (listener) {
    Object.assign(sql, { listen: listener.listen });
    void checkRole(sql);
  }

  return {
    sql,
    asSystem: <T>(work: (tx: Tx) => Promise<T>) => sql.begin((raw) => carryOut(sql, raw, work)) as Promise<T>,
    asTenant: <T>(tenantId: string, work: (tx: Tx) => Promise<T>) =>
      sql.begin(async (raw) => {
        await raw`select set_config('role', 'banyan_app', true), set_config('app.tenant_id', ${tenantId}, true)`;
        return carryOut(sql, raw, work);
      }) as Promise<T>,
    close: () => {
      stopSizing();
      return Promise.all([sql.end({ timeout: 5 }), listener?.end({ timeout: 5 })]).then(() => {});
    },
  };
}

/** Ends the process when it is somebody else: through a pooler, the role cannot be asked for at the start of a connection. */
async function checkRole(sql: RawSql): Promise<void> {
  const [row] = await sql<{ role: string }[]>`select current_user as role`.catch(() => []);
  if (row && row.role !== "banyan_system") {
    throw new Error(`DATABASE_URL gives ${row.role}: its account needs ALTER ROLE … SET role = 'banyan_system'.`);
  }
}

/** With more days than this, making a plan for all of them costs more than a plan for the few that a statement needs. */
const mostPlannedDays = 48;
const sizeEveryMs = 3_600_000;

/**
 * A plan that is made once knows every day's partition: with 400 of them it takes a quarter of a second to make, again
 * after every ANALYZE, on every connection. Then each statement is planned for its own days, which costs the same however
 * many there are. New connections begin with what was found last; the driver renews each within an hour.
 */
function sizePlans(sql: RawSql): () => void {
  const size = () =>
    sql<{ days: number }[]>`select count(*)::int as days from pg_inherits where inhparent = 'messages'::regclass`.then(
      ([row]) => {
        const mode = (row?.days ?? 0) > mostPlannedDays ? "force_custom_plan" : "force_generic_plan";
        Object.assign(sql.options.connection, { plan_cache_mode: mode });
      },
      // The database is away: what was known holds.
      () => {},
    );
  void size();
  const timer = setInterval(() => void size(), sizeEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** The driver sends COMMIT when this resolves, without a word from the database in between, and tells of the first error. */
async function carryOut<T>(root: RawSql, raw: RawTransaction, work: (tx: Tx) => Promise<T>): Promise<T> {
  let typed: PostgresJsDatabase | undefined;
  const late: Statement[] = [];
  const last: Statement[] = [];
  const result = await work({
    sql: raw,
    get db() {
      typed ??= typedOver(root, raw);
      return typed;
    },
    atCommit: (...statements) => void late.push(...statements),
    lastAtCommit: (...statements) => void last.push(...statements),
  });
  for (const statement of [...late, ...last]) statement.execute().catch(() => {});
  return result;
}

/**
 * Drizzle replaces the date parsers of the client it is given; a transaction shares its pool's, so it gets copies
 * and raw SQL keeps Dates.
 */
function typedOver(root: RawSql, raw: RawTransaction): PostgresJsDatabase {
  const options = { parsers: { ...root.options.parsers }, serializers: { ...root.options.serializers } };
  const client = Object.assign(raw, { options }) as unknown as RawSql;
  return drizzle(client, { casing: "snake_case" });
}
