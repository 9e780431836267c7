/** Unit and integration tests: beside the code and in tests/, on real Postgres and real sockets. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{db,server,workers,scripts,tests,app}/**/*.test.ts"],
    globalSetup: ["tests/global-setup.ts"],
    setupFiles: ["tests/settings.ts"],
    pool: "forks",
    maxWorkers: 2,
    // No test measures time: these only end what hangs, on the slowest machine and beside another run.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
    retry: 0,
  },
});
