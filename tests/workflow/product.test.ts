/** Every function that the product serves is one that the embedded server takes: an option it lacks fails here, not at a start. */
import { expect, it } from "vitest";
import { functions } from "#server/jobs/functions.ts";
import { testDatabase } from "#tests/database.ts";
import { closeApp, place, serveApp, startServer } from "#tests/workflow/harness.ts";

const db = await testDatabase();

it("takes all functions of the product", async () => {
  const at = await place("banyan");
  const app = await serveApp(at, functions);
  // No calls at the same time means no calls: the functions are only read here, not run.
  const server = await startServer(db, at, { concurrency: 0 });
  expect(await server.syncNow()).toBeNull();
  const served = await db.sql<{ id: string }[]>`select id from workflow_functions where is_active`;
  expect(served.length).toBeGreaterThanOrEqual(functions.length);
  await server.close();
  await closeApp(app);
});
