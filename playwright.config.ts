/** Journeys in a real browser through the whole product. */
import { defineConfig } from "@playwright/test";
import { unpackBrowser } from "#e2e/browser.ts";

const { executablePath, env } = await unpackBrowser();

export default defineConfig({
  testDir: "e2e/journeys",
  globalSetup: "./e2e/global-setup.ts",
  // One machine runs the product and the browser: journeys one after another are faster than two at a time.
  workers: 1,
  retries: 0,
  // Nothing here measures time: these only end what hangs.
  timeout: 600_000,
  expect: { timeout: 60_000, toPass: { timeout: 120_000 } },
  outputDir: "test-results",
  use: {
    locale: "en-GB",
    actionTimeout: 60_000,
    navigationTimeout: 120_000,
    screenshot: "only-on-failure",
    // Pictures of every step would slow the journeys down; the page's snapshots tell as much.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath,
      env: { ...process.env, ...env } as Record<string, string>,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    },
  },
});
