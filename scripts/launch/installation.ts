/** What belongs to one installation: its data folder, its secrets (made once, readable by its owner only), its lock. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

export type Installation = {
  dataDir: string;
  logDir: string;
  secrets: Secrets;
  /** The last run was killed: its processes may need a moment to end. */
  endedHard: boolean;
  /** Gives the lock back. */
  release(): void;
};

const recipes = {
  ENCRYPTION_KEY: () => randomBytes(32).toString("base64"),
  AUTH_SECRET: () => randomBytes(32).toString("base64url"),
  INNGEST_EVENT_KEY: () => randomBytes(24).toString("base64url"),
  INNGEST_SIGNING_KEY: () => `signkey-prod-${randomBytes(32).toString("hex")}`,
  // An SMPP password has at most 8 characters (SMPP 3.4, section 4.1.1).
  SIMULATOR_PASSWORD: () => randomBytes(6).toString("base64url"),
};
export type Secrets = Record<keyof typeof recipes, string>;

/** @throws one clear line when the folder cannot be used, or when it is in use */
export function openInstallation(folder: string): Installation {
  const dataDir = path.resolve(folder);
  const logDir = path.join(dataDir, "logs");
  try {
    makeFolder(logDir);
    // Under root, the embedded database runs as another account and must be able to reach its part of the folder.
    chmodSync(dataDir, 0o755);
  } catch (error) {
    throw new Error(`DATA_DIR ${dataDir} cannot be written: ${(error as Error).message}`);
  }
  const lock = path.join(dataDir, "banyan.pid");
  const endedHard = existsSync(lock);
  if (endedHard) refuseSecondStart(lock, dataDir);
  writeFileSync(lock, String(process.pid));
  const release = () => rmSync(lock, { force: true });
  return { dataDir, logDir, secrets: readSecrets(dataDir), endedHard, release };
}

/** One level after the other: asked for all at once, Node never ends where a folder cannot be made, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

function refuseSecondStart(lock: string, dataDir: string): void {
  const pid = Number(readFileSync(lock, "utf8"));
  if (!pid || pid === process.pid || !isAlive(pid)) return;
  const commandFile = `/proc/${pid}/cmdline`;
  // Process numbers are used again: where the system can tell, make sure that it is one of ours.
  if (existsSync("/proc/self/cmdline")) {
    const command = existsSync(commandFile) ? readFileSync(commandFile, "utf8") : "";
    if (!command.includes("scripts/start.ts") && !command.includes("scripts/dev.ts")) return;
  }
  throw new Error(`Banyan already runs on ${dataDir} (process ${pid}). Stop it first, or set another DATA_DIR.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Keeps what is there and adds what a newer version needs. */
function readSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>) : {};
  const made = Object.entries(recipes).map(([name, make]) => [name, known[name as keyof Secrets] ?? make()]);
  const secrets = Object.fromEntries(made) as Secrets;
  if (Object.keys(known).length < Object.keys(secrets).length) {
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  return secrets;
}
