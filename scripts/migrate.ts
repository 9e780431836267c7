/** `npm run db:migrate`: brings the database up to date and leaves (npm start does it by itself). */
import { migrate } from "#db/migrate.ts";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { openInstallation } from "#scripts/launch/installation.ts";

const external = process.env.DATABASE_URL;
const applied = external ? await migrate(external) : await migrateEmbedded();
process.stdout.write(applied.length > 0 ? `applied: ${applied.join(", ")}\n` : "nothing to do\n");

async function migrateEmbedded(): Promise<string[]> {
  const installation = openInstallation(process.env.DATA_DIR || ".data");
  const server = await startEmbeddedPostgres({ dataDir: installation.dataDir, port: await freePort() });
  try {
    return await migrate(server.url);
  } finally {
    await server.stop();
    installation.release();
  }
}
