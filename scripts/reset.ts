/** `npm run db:reset -- --yes`: throws the embedded installation away, so that the next start makes a new one. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { openInstallation } from "#scripts/launch/installation.ts";

const folder = path.resolve(process.env.DATA_DIR || ".data");
if (process.env.DATABASE_URL)
  fail("DATABASE_URL is set. This resets the embedded database only; drop your own by hand.");
if (!process.argv.includes("--yes"))
  fail(`This deletes ${folder} with everything in it. To do it: npm run db:reset -- --yes`);
if (existsSync(folder)) {
  try {
    // Refuses while Banyan runs on it.
    openInstallation(folder);
  } catch (error) {
    fail((error as Error).message);
  }
  const elsewhere = path.join(folder, "postgres-is-elsewhere.txt");
  const home = existsSync(elsewhere)
    ? /\/var\/lib\/banyan\/[0-9a-f]{12}/.exec(readFileSync(elsewhere, "utf8"))?.[0]
    : null;
  if (home) rmSync(home, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write("done; npm start makes a new installation\n");

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
