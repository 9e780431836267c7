/** Which processes a machine runs: all of them, or those that PROCESSES names. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { processNames, readEnv } from "#env.ts";
import { childPlans } from "#scripts/launch/children.ts";

function namesOf(processes: readonly string[], withWorkflow = true): string[] {
  const logDir = mkdtempSync(path.join(tmpdir(), "banyan-children-"));
  onTestFinished(() => rmSync(logDir, { recursive: true, force: true }));
  const installation = { dataDir: logDir, logDir, secrets: {} as never, endedHard: false, release: () => {} };
  const order = { mode: "production" as const, values: { METRICS_PORT: "3010", WEB_PORT: "3001" }, installation };
  return childPlans({ ...order, withWorkflow, processes, isDatabaseUp: async () => true }).map((plan) => plan.name);
}

it("runs all processes, without its own workflow server where there is another engine", () => {
  expect(namesOf([])).toEqual([...processNames]);
  expect(namesOf([], false)).toEqual(processNames.filter((name) => name !== "workflow"));
});

it("runs the named ones only, in starting order", () => {
  expect(namesOf(["smpp-server", "gateway", "web"])).toEqual(["web", "gateway", "smpp-server"]);
});

it("does not start with a name that it does not know", () => {
  expect(readEnv({ NODE_ENV: "test", PROCESSES: "gateway, web" }).PROCESSES).toEqual(["gateway", "web"]);
  expect(() => readEnv({ NODE_ENV: "test", PROCESSES: "gateway,kannel" })).toThrow(
    /PROCESSES: must be some of workflow, web/,
  );
});
