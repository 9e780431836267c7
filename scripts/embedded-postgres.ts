/** The embedded Postgres: binaries from npm, data in a folder, bound to loopback, started as a child of ours. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chownSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dial } from "#db/dial.ts";
import { type Account, nativeFolder, type Place, reachablePlace, serverAccount } from "#scripts/postgres-place.ts";

export type EmbeddedPostgres = {
  url: string;
  /** For processes on this machine: through a socket where the system has them, else the same. */
  localUrl: string;
  process: ChildProcess;
  /** Asks for a fast shutdown and waits for it. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Holds the cluster and its password file; made when missing. */
  dataDir: string;
  port: number;
  /** Additional server settings, for example { fsync: "off" } for throw-away test clusters. */
  settings?: Record<string, string>;
  onLog?: (line: string) => void;
};

const startTimeoutMs = 60_000;

/** Starts the cluster in dataDir, making it first when there is none, with a database named banyan. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const place = reachablePlace(path.resolve(options.dataDir), nativeFolder(), account);
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  const cluster = path.join(place.dataDir, "postgres");
  mkdirSync(place.dataDir, { recursive: true });
  const password = clusterPassword(place.dataDir);
  if (!existsSync(path.join(cluster, "PG_VERSION"))) initialise(cluster, place, password, account);
  await endForgottenServer(cluster);

  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: socketFolder(cluster),
    port: String(options.port),
    ...tuned,
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(path.join(place.native, "bin/postgres"), ["-D", cluster, ...flags], {
    ...identity,
    cwd: place.dataDir,
    stdio: ["ignore", "pipe", "pipe"],
    // Its own process group: Ctrl-C in the terminal must not stop the database before those who use it.
    detached: true,
  });
  const recent: string[] = [];
  const onData = (data: Buffer) => {
    for (const line of data.toString().split("\n").filter(Boolean)) {
      recent.push(line);
      if (recent.length > 20) recent.shift();
      options.onLog?.(line);
    }
  };
  child.stdout?.on("data", onData);
  child.stderr?.on("data", onData);

  const url = `postgres://banyan:${password}@127.0.0.1:${options.port}/banyan`;
  await untilReady(url, child, recent);
  const folder = socketFolder(cluster);
  const localUrl = folder ? `${url}?host=${encodeURIComponent(folder)}` : url;
  return { url, localUrl, process: child, stop: () => stopServer(child) };
}

/** A socket's whole path may have so many bytes, on the strictest system, with its end. */
const longestSocketPath = 103;

/** The cluster's own folder, which nobody but its account and root can enter; empty = no socket. */
function socketFolder(cluster: string): string {
  const isTooLong = Buffer.byteLength(`${cluster}/.s.PGSQL.65535`) > longestSocketPath;
  // A comma would be read as a list of folders.
  return process.platform === "win32" || isTooLong || cluster.includes(",") ? "" : cluster;
}

/** Sized for a small machine that runs everything; a real installation brings its own DATABASE_URL. */
const tuned = {
  shared_preload_libraries: "pg_stat_statements",
  // The system keeps in memory what does not find place here; a quarter of a gigabyte was no faster.
  shared_buffers: "160MB",
  max_connections: "120",
  // Room for the locks of all days' tables beside each connection, so that taking one asks nobody else.
  max_locks_per_transaction: "256",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  // After a checkpoint, each page is written whole when it is touched first. This build could only compress with pglz, which
  // was a fifth of Postgres's work then.
  wal_compression: "off",
  random_page_cost: "1.1",
  jit: "off",
  // The queue's index is walked past the entries of what was sent since the last round: a minute's are too many.
  autovacuum_naptime: "5s",
  log_min_messages: "warning",
  log_statement: "none",
  timezone: "UTC",
};

function clusterPassword(dataDir: string): string {
  const file = path.join(dataDir, "postgres-password");
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

function initialise(cluster: string, place: Place, password: string, account: Account | null): void {
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  const half = existsSync(cluster);
  if (half) rmSync(cluster, { recursive: true });
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = path.join(place.dataDir, ".initdb-password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) {
    chownSync(cluster, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  try {
    execFileSync(
      path.join(place.native, "bin/initdb"),
      [
        "-D",
        cluster,
        "-U",
        "banyan",
        "-A",
        "scram-sha-256",
        `--pwfile=${passwordFile}`,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
      ],
      { ...identity, cwd: place.dataDir, stdio: "pipe" },
    );
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true });
    const text = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error);
    throw new Error(`Postgres could not make its data folder ${cluster}: ${text}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  accessSync(cluster, constants.R_OK);
}

/** A server left behind by a killed run holds the cluster: it is stopped. A pid file whose owner is gone is removed. */
async function endForgottenServer(cluster: string): Promise<void> {
  const pidFile = path.join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  const deadline = Date.now() + startTimeoutMs;
  for (let signal: NodeJS.Signals = "SIGINT"; isServerOf(cluster, pid); signal = "SIGQUIT") {
    if (Date.now() > deadline) throw new Error(`Process ${pid} still uses ${cluster} and does not end. Stop it first.`);
    process.kill(pid, signal);
    const patience = Date.now() + 10_000;
    while (isServerOf(cluster, pid) && Date.now() < patience) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  rmSync(pidFile, { force: true });
}

/** Process numbers are used again: where the system shows command lines, the cluster's path must be in it. */
function isServerOf(cluster: string, pid: number): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!existsSync("/proc/self/cmdline")) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(cluster);
  } catch {
    return false;
  }
}

async function untilReady(url: string, child: ChildProcess, recent: string[]): Promise<void> {
  const admin = url.replace(/\/banyan$/, "/postgres");
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`Postgres ended while starting: ${recent.slice(-3).join(" | ")}`);
    }
    const sql = dial(admin, { max: 1, connect_timeout: 2, onnotice: () => {} });
    try {
      const [row] = await sql`select 1 from pg_database where datname = 'banyan'`;
      if (!row) await sql`create database banyan`;
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`Postgres did not answer within ${startTimeoutMs / 1000} s: ${error}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGINT");
  });
}
