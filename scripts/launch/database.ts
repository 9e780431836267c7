/** The database of a run: DATABASE_URL when it is set, else the embedded Postgres as a supervised child. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dial } from "#db/dial.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import type { Installation } from "#scripts/launch/installation.ts";
import { childOutput, panicsOnly } from "#scripts/launch/output.ts";
import { type Supervised, supervise } from "#scripts/launch/supervise.ts";

/** @throws one line that says where it looked (never the password) and what to do */
export async function checkExternalDatabase(url: string): Promise<void> {
  const sql = dial(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`select 1`;
  } catch (error) {
    const { host, pathname } = new URL(url);
    const cause = error as NodeJS.ErrnoException;
    const reason = cause.code === "ECONNREFUSED" ? "nothing listens there" : cause.message;
    throw new Error(
      `The database ${host}${pathname} cannot be reached: ${reason}. Check DATABASE_URL, or unset it to use the embedded Postgres.`,
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const answerTimeoutMs = 3_000;

/** Whether it takes a connection and answers a query, within a few seconds. */
export async function answers(url: string): Promise<boolean> {
  const sql = dial(url, { max: 1, connect_timeout: answerTimeoutMs / 1_000, fetch_types: false });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), answerTimeoutMs);
  });
  const asked = sql`select 1`.then(
    () => true,
    () => false,
  );
  const isUp = await Promise.race([asked, late]);
  clearTimeout(timer);
  void sql.end({ timeout: 1 });
  return isUp;
}

export type EmbeddedDatabase = Pick<EmbeddedPostgres, "url" | "localUrl"> & { child: Supervised };

/** Starts the embedded Postgres and keeps it running on the same port, so that everybody's connections come back. */
export async function openEmbeddedDatabase(
  { dataDir, logDir }: Installation,
  onStarting: (child: Supervised) => void,
): Promise<EmbeddedDatabase> {
  const port = await lastingPort(dataDir);
  const output = childOutput("postgres", logDir, panicsOnly);
  let running: EmbeddedPostgres | null = null;
  const child = supervise({
    name: "postgres",
    output,
    stopSignal: "SIGINT",
    // A fast shutdown writes a checkpoint; an immediate one leaves it to the next start, and loses nothing either.
    stopTimeoutMs: 60_000,
    lastResort: "SIGQUIT",
    async spawn() {
      running = null;
      const server = await startEmbeddedPostgres({ dataDir, port });
      output.attach(server.process.stdout, true);
      output.attach(server.process.stderr, true);
      running = server;
      return server.process;
    },
    isHealthy: async () => running !== null,
  });
  onStarting(child);
  await child.start();
  const { url, localUrl } = running as unknown as EmbeddedPostgres;
  return { url, localUrl, child };
}

/** The port of the last run when it is free, so that tools find the database again; else any free one. */
async function lastingPort(dataDir: string): Promise<number> {
  const file = path.join(dataDir, "postgres-port");
  const known = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await freePort(known).catch(() => freePort());
  writeFileSync(file, String(port));
  return port;
}
