/** Which statements Postgres worked on, by the extension pg_stat_statements, which the embedded server carries. */
import type postgres from "postgres";
import { dial } from "#db/dial.ts";

export type Statements = {
  /** The most expensive ones since the start of the count, one a line. */ report(top: number): Promise<string>;
};

/** Starts to count. The account must be a superuser, as the embedded database's is. */
export async function countStatements(databaseUrl: string): Promise<Statements> {
  const once = async <T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
    const sql = dial(databaseUrl, { max: 1, onnotice: () => {} });
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  };
  await once((sql) =>
    sql.unsafe("create extension if not exists pg_stat_statements; select pg_stat_statements_reset()"),
  );
  return {
    report: (top) =>
      once(async (sql) => {
        const rows = await sql<{ ms: number; calls: number; rows: number; query: string }[]>`
          select round(total_exec_time)::int as ms, calls::int, rows::int,
            left(regexp_replace(query, '[[:space:]]+', ' ', 'g'), 120) as query
          from pg_stat_statements order by total_exec_time desc limit ${top}`;
        return rows
          .map(
            (r) =>
              `${String(r.ms).padStart(8)} ms ${String(r.calls).padStart(7)} × ${String(r.rows).padStart(8)} rows  ${r.query}`,
          )
          .join("\n");
      }),
  };
}
