/** Processes and the database are killed under traffic of all kinds: everybody gets one message, every cent is accounted for. */
import { connect } from "#db/client.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { openSimulator } from "#scripts/chaos/carriers.ts";
import { victims } from "#scripts/chaos/kills.ts";
import { chaos } from "#scripts/chaos/run.ts";
import { databaseUrlOf, processesOf } from "#scripts/load/product.ts";

test("traffic survives the death of every process and of the database", async ({ request, signIn, demo }) => {
  const { E2E_DATA_DIR = "", E2E_SUPERVISOR = "", E2E_SIMULATOR_CONTROL = "", E2E_BASE_URL = "" } = process.env;
  const product = {
    baseUrl: E2E_BASE_URL,
    dataDir: E2E_DATA_DIR,
    databaseUrl: databaseUrlOf(E2E_DATA_DIR),
    simulatorControl: E2E_SIMULATOR_CONTROL,
    sinkPort: Number(process.env.E2E_SINK_PORT),
    demo,
    processes: () => processesOf(Number(E2E_SUPERVISOR)),
  };
  const db = connect({ url: product.databaseUrl, poolSize: 4, name: "journey" });
  const carrier = await openSimulator(product);
  try {
    const checks = await chaos({ db, product, carrier, messages: 1_500, victims, killsEach: 1 });
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  } finally {
    await carrier.close();
    await db.close();
  }
  await expect.poll(async () => (await request.get("/health")).status()).toBe(200);
  const page = await signIn("owner");
  await expect(page.getByRole("main")).toBeVisible();
});
