/** Processes and the database are killed during a campaign: everybody gets one message, and every cent is accounted for. */
import { connect } from "#db/client.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { campaignUnderKills } from "#scripts/load/kills.ts";
import { databaseUrlOf, processesOf } from "#scripts/load/product.ts";

test("a campaign survives the death of its processes and of the database", async ({ request, signIn }) => {
  test.setTimeout(300_000);
  const { E2E_DATA_DIR = "", E2E_SUPERVISOR = "", E2E_SIMULATOR_CONTROL = "" } = process.env;
  const db = connect({ url: databaseUrlOf(E2E_DATA_DIR), poolSize: 2, name: "journey" });
  try {
    const checks = await campaignUnderKills({
      db,
      processes: () => processesOf(Number(E2E_SUPERVISOR)),
      simulatorControl: E2E_SIMULATOR_CONTROL,
      recipients: 1_500,
      victims: ["smpp-client", "workflow", "gateway", "postgres"],
    });
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  } finally {
    await db.close();
  }
  await expect.poll(async () => (await request.get("/health")).status(), { timeout: 60_000 }).toBe(200);
  const page = await signIn("owner");
  await expect(page.getByRole("main")).toBeVisible();
});
