/** The story of a run: ports, database, build, migrations, children in order, the demo, ready; then wait; then stop in reverse. */
import { connect, type Database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { type Env, env, readEnv } from "#env.ts";
import { build, isBuilt } from "#scripts/build.ts";
import { childPlans, type Mode, runsHere, type Setting, type Values, workers } from "#scripts/launch/children.ts";
import { answers, checkExternalDatabase, openEmbeddedDatabase } from "#scripts/launch/database.ts";
import { checkEncryptionKey } from "#scripts/launch/encryption-key.ts";
import { prepareFirstRun, type SignIn } from "#scripts/launch/first-run.ts";
import type { Installation } from "#scripts/launch/installation.ts";
import { say } from "#scripts/launch/output.ts";
import { checkPorts, type PortNeed } from "#scripts/launch/ports.ts";
import { registerFunctions } from "#scripts/launch/register-functions.ts";
import { type Supervised, supervise } from "#scripts/launch/supervise.ts";
import { loadReference } from "#scripts/load-reference.ts";

/** How long the processes of a killed run may take to give their ports back. */
const patienceAfterKillMs = 40_000;

/** Resolves after everything was stopped on request. @throws one line when it cannot start; what was started is stopped. */
export async function launch(mode: Mode, installation: Installation): Promise<void> {
  const running: Supervised[] = [];
  const stop = new AbortController();
  const asked = untilAsked(stop, running);
  try {
    await Promise.race([asked, bringUp(mode, installation, running, stop.signal)]);
  } catch (error) {
    if (!stop.signal.aborted) {
      stop.abort();
      await stopAll(running);
      throw error;
    }
  }
  await asked;
  await stopAll(running);
  say("stopped");
}

async function bringUp(
  mode: Mode,
  installation: Installation,
  running: Supervised[],
  stop: AbortSignal,
): Promise<void> {
  const settings = readEnv();
  // The built-in carrier, at exactly its place; in this process too, because the demo is made here.
  settings.OUTBOUND_PRIVATE.push(`127.0.0.1:${settings.SIMULATOR_PORT}`);
  env.OUTBOUND_PRIVATE = settings.OUTBOUND_PRIVATE;
  await checkPorts(portNeeds(settings), installation.endedHard ? patienceAfterKillMs : 0);
  const [{ url: databaseUrl, localUrl }] = await Promise.all([
    openDatabase(installation, running),
    mode === "production" ? buildWhenNeeded(stop) : undefined,
  ]);
  const applied = await migrate(databaseUrl);
  if (applied.length > 0) say(`database brought up to date (${applied.length} migrations)`);
  await withDatabase(databaseUrl, checkEncryptionKey);
  await withDatabase(databaseUrl, loadReference);
  const values = childValues(settings, localUrl, installation, mode);
  const withWorkflow = !settings.INNGEST_BASE_URL;
  const isDatabaseUp = () => answers(databaseUrl);
  const processes = settings.PROCESSES;
  for (const plan of childPlans({ mode, values, installation, withWorkflow, processes, isDatabaseUp })) {
    if (stop.aborted) return;
    const child = supervise(plan);
    running.push(child);
    await child.start();
    say(`${plan.name} is up`);
  }
  if (runsHere(processes, "web")) await registerFunctions(settings, stop);
  const address = String(values.BASE_URL);
  const signIns = await withDatabase(databaseUrl, (db) => prepareFirstRun(db, settings, installation, address));
  announce(address, signIns);
}

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = connect({ url, poolSize: 4, name: "start" });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Where this process reaches it, and where those that it starts do. */
async function openDatabase(
  installation: Installation,
  running: Supervised[],
): Promise<{ url: string; localUrl: string }> {
  const { DATABASE_URL: external, DATABASE_DIRECT_URL: direct } = process.env;
  if (external) {
    await checkExternalDatabase(external);
    if (direct) await checkExternalDatabase(direct);
    say("database reached");
    return { url: direct || external, localUrl: external };
  }
  const { url, localUrl } = await openEmbeddedDatabase(installation, (child) => running.push(child));
  say("database is up");
  return { url, localUrl };
}

async function buildWhenNeeded(stop: AbortSignal): Promise<void> {
  if (isBuilt()) return;
  say("building (only now, and after a change of the sources)");
  await build(stop);
  say("built");
}

function portNeeds(settings: Env): PortNeed[] {
  const isHere = (name: string) => runsHere(settings.PROCESSES, name);
  const inner = (
    [
      ["WEB_PORT", "web"],
      ["WORKFLOW_PORT", "workflow"],
      ["SIMULATOR_PORT", "simulator"],
    ] as const
  )
    .filter(([setting, name]) => isHere(name) && (setting !== "WORKFLOW_PORT" || !settings.INNGEST_BASE_URL))
    .map(([setting]) => ({ setting, port: settings[setting], host: "127.0.0.1" }));
  const metrics = Object.entries(workers)
    .filter(([name]) => isHere(name))
    .map(([, { offset }]) => ({
      setting: offset === 0 ? "METRICS_PORT" : `METRICS_PORT + ${offset}`,
      port: settings.METRICS_PORT + offset,
      host: settings.METRICS_HOST,
    }));
  const outer = (
    [
      ["PORT", "gateway"],
      ["SMPP_PORT", "smpp-server"],
      ["SMPP_TLS_PORT", "smpp-server"],
    ] as const
  )
    .filter(([, name]) => isHere(name))
    .flatMap(([setting]) => {
      const port = settings[setting];
      return port ? [{ setting, port, host: settings.HOST }] : [];
    });
  const control = { setting: "SIMULATOR_PORT + 1", port: settings.SIMULATOR_PORT + 1, host: "127.0.0.1" };
  return [...outer, ...inner, ...(isHere("simulator") ? [control] : []), ...metrics];
}

function childValues(settings: Env, databaseUrl: string, installation: Installation, mode: Mode): Values {
  const plain = Object.entries(settings).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(plain.map(([name, value]) => [name as Setting, String(value)])) as Values;
  return {
    ...values,
    NODE_ENV: mode,
    DATABASE_URL: databaseUrl,
    DATA_DIR: installation.dataDir,
    BASE_URL: settings.BASE_URL ?? `http://localhost:${settings.PORT}`,
    INNGEST_BASE_URL: settings.INNGEST_BASE_URL ?? `http://127.0.0.1:${settings.WORKFLOW_PORT}`,
    // Where the engine calls the functions: straight at the web process when both are on this machine.
    INNGEST_SERVE_ORIGIN: settings.INNGEST_BASE_URL
      ? (settings.BASE_URL ?? `http://127.0.0.1:${settings.PORT}`)
      : `http://127.0.0.1:${settings.WEB_PORT}`,
  };
}

/** More sign-ins than fit on a screen help nobody: the rest is in demo.json. */
const shownSignIns = 16;

function announce(address: string, signIns: SignIn[]): void {
  // An owner may do everything, so one a tenant shows the whole tree; the other roles are in the file.
  const shown = [...signIns]
    .sort((a, b) => Number(b.role === "owner") - Number(a.role === "owner"))
    .slice(0, shownSignIns);
  const width = Math.max(0, ...shown.map((user) => user.email.length));
  const lines = shown.map((user) => `    ${user.email.padEnd(width)}  ${user.password}  ${user.role}, ${user.tenant}`);
  if (signIns.length > shown.length) lines.push(`    … and ${signIns.length - shown.length} more in demo.json`);
  say("ready");
  process.stdout.write(`\n  Banyan is at ${address}\n${lines.length ? `\n  Sign in:\n${lines.join("\n")}\n` : ""}\n`);
}

/** Resolves at the first SIGINT or SIGTERM; the second one kills what is left. */
function untilAsked(stop: AbortController, running: Supervised[]): Promise<void> {
  return new Promise((resolve) => {
    const ask = () => {
      if (stop.signal.aborted) {
        for (const child of running) child.kill();
        return;
      }
      process.stdout.write("\n");
      say("stopping");
      stop.abort();
      resolve();
    };
    process.on("SIGINT", ask);
    process.on("SIGTERM", ask);
    process.on("SIGHUP", ask);
  });
}

/** Last started, first stopped. */
async function stopAll(running: Supervised[]): Promise<void> {
  for (const child of [...running].reverse()) await child.stop();
}
