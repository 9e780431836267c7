/** `npm test`: laws, unit and integration tests, journeys; ends with one line over all runners: N passed, N failed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

type Tally = { passed: number; failed: number };

const folder = mkdtempSync(path.join(tmpdir(), "banyan-results-"));
const bin = (name: string) => `node_modules/.bin/${name}`;

const laws: [string, string[]][] = [
  [bin("biome"), ["check", "."]],
  [bin("tsc"), ["--noEmit"]],
  [bin("knip"), []],
  [process.execPath, ["--import", "tsx", "scripts/check-docs.ts"]],
];

const tallies = [...laws.map(([command, args]) => law(command, args)), unitTests(), journeys()];
const total = tallies.reduce((sum, t) => ({ passed: sum.passed + t.passed, failed: sum.failed + t.failed }));
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): number {
  process.stdout.write(`\n> ${path.basename(command)} ${args.join(" ")}\n`);
  return spawnSync(command, args, { stdio: "inherit", env }).status ?? 1;
}

/** A law counts as one test. */
function law(command: string, args: string[]): Tally {
  return run(command, args) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function unitTests(): Tally {
  const file = path.join(folder, "unit.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = run(bin("vitest"), ["run", ...reporters]);
  type Report = {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  const report = read<Report>(file);
  // A file that cannot be loaded has no tests to fail: it counts as one.
  const broken =
    report?.testResults.filter((r) => r.status === "failed" && r.assertionResults.length === 0).length ?? 0;
  return tally(code, report?.numPassedTests ?? 0, (report?.numFailedTests ?? 0) + broken);
}

function journeys(): Tally {
  const file = path.join(folder, "journeys.json");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const code = run(bin("playwright"), ["test", "--reporter=list,json"], env);
  const stats = read<{ stats: { expected: number; unexpected: number; flaky: number } }>(file)?.stats;
  return tally(code, stats?.expected ?? 0, (stats?.unexpected ?? 0) + (stats?.flaky ?? 0));
}

/** A runner that failed without a failed test (it crashed, or found nothing) counts as one failure. */
function tally(code: number, passed: number, failed: number): Tally {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function read<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return null;
  }
}
