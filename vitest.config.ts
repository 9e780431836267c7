/** Unit and integration tests: beside the code and in tests/, on real Postgres and real sockets. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{db,server,workers,scripts,tests,app}/**/*.test.ts"],
    globalSetup: ["tests/global-setup.ts"],
    setupFiles: ["tests/settings.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
  },
});
