/** An empty database gets the demo tree (or, with DEMO=0, a root and its owner); a later start reads who may sign in. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "#db/client.ts";
import { locks } from "#db/locks.ts";
import type { Env } from "#env.ts";
import type { Installation } from "#scripts/launch/installation.ts";
import { say } from "#scripts/launch/output.ts";
import { plantRoot } from "#scripts/plant-root.ts";
import type { Demo } from "#scripts/seed.ts";
import { systemClock } from "#server/kernel/clock.ts";

export type SignIn = { role: string; tenant: string; email: string; password: string };

/** Returns the sign-ins to print: the demo's, or the one that was just made; none on an installation in real use. */
export async function prepareFirstRun(
  db: Database,
  settings: Env,
  { dataDir, secrets }: Installation,
  baseUrl: string,
): Promise<SignIn[]> {
  const alone = await db.sql.reserve();
  try {
    // Of several machines that begin with one empty database, one makes what there is to make.
    await alone`select pg_advisory_lock(${locks.firstRun}::int)`;
    return await prepareAlone(db, settings, { dataDir, secrets }, baseUrl);
  } finally {
    await alone`select pg_advisory_unlock(${locks.firstRun}::int)`.catch(() => {});
    alone.release();
  }
}

async function prepareAlone(
  db: Database,
  settings: Env,
  { dataDir, secrets }: Pick<Installation, "dataDir" | "secrets">,
  baseUrl: string,
): Promise<SignIn[]> {
  const demoFile = path.join(dataDir, "demo.json");
  const marker = path.join(dataDir, "demo-unfinished");
  const [found] = await db.sql`select exists (select from tenants) as any_tenant`;
  if (found?.any_tenant) {
    if (existsSync(marker))
      say(`the demo is incomplete: an earlier first start was interrupted. To begin again: npm run db:reset`);
    return existsSync(demoFile) ? (JSON.parse(readFileSync(demoFile, "utf8")) as Demo).users : [];
  }
  if (!settings.DEMO) return [await firstOwner(db)];
  say("making the demo");
  writeFileSync(marker, "");
  const { seedDemo } = await import("#scripts/seed.ts");
  const simulator = {
    host: "127.0.0.1",
    port: settings.SIMULATOR_PORT,
    systemId: "banyan",
    password: settings.SIMULATOR_PASSWORD ?? secrets.SIMULATOR_PASSWORD,
  };
  const smpp = { host: "127.0.0.1", port: settings.SMPP_PORT };
  const demo = await seedDemo({ db, clock: systemClock, baseUrl, simulator, smpp, say });
  // It holds passwords and keys: readable by the owner of the installation only.
  writeFileSync(demoFile, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  rmSync(marker);
  say(`demo made, described in ${demoFile}`);
  return demo.users;
}

async function firstOwner(db: Database): Promise<SignIn> {
  const { tenant, owner } = await plantRoot(db, {
    name: "Aggregator",
    currency: "EUR",
    country: "VN",
    timeZone: "UTC",
    email: "owner@localhost.localdomain",
  });
  say("made the root of the tree; its owner's password is shown this once");
  return { role: "owner", tenant: tenant.name, email: owner.email, password: owner.password };
}
