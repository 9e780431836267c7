/** The workflow server killed with SIGKILL in the middle of runs: nothing stored is done again, nothing is forgotten. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Server } from "node:http";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { testDatabase } from "#tests/database.ts";
import { closeApp, keys, place, reader, serveApp, until } from "#tests/workflow/harness.ts";

const db = await testDatabase();
const at = await place("crash");
const { client } = at;
const read = reader(at);
const runCount = 8;
const stepCount = 10;

/** Every execution of a step, as run/step, in order. */
const executions: string[] = [];
const effect = async (runId: string, name: string): Promise<string> => {
  executions.push(`${runId}/${name}`);
  // A step takes a moment, so that a kill finds some under way.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return name;
};

/** One for each call of the held step that is under way or was. */
const releases: (() => void)[] = [];
const functions = [
  client.createFunction({ id: "long", triggers: { event: "t/long" } }, async ({ step, runId }) => {
    const done: string[] = [];
    for (let i = 0; i < stepCount / 2; i++) done.push(await step.run(`s${i}`, () => effect(runId, `s${i}`)));
    await step.sleep("pause", "1s");
    const rest = Array.from({ length: stepCount / 2 }, (_, i) => `p${i}`);
    done.push(...(await Promise.all(rest.map((name) => step.run(name, () => effect(runId, name))))));
    return done.length;
  }),
  client.createFunction({ id: "held", triggers: { event: "t/held" }, retries: 2 }, async ({ step, runId }) => {
    await step.run("first", () => effect(runId, "first"));
    return step.run("second", async () => {
      await effect(runId, "second");
      await new Promise<void>((resolve) => {
        releases.push(resolve);
      });
      return "second";
    });
  }),
];

let app: Server;
let child: ChildProcess;
let metricsPort: number;

async function startChild(): Promise<void> {
  child = spawn(process.execPath, ["--import", "tsx", "workers/workflow/main.ts"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      LOG_LEVEL: "fatal",
      DATABASE_URL: db.url,
      WORKFLOW_PORT: String(at.port),
      WEB_PORT: String(at.appPort),
      METRICS_PORT: String(metricsPort - 3),
      INNGEST_EVENT_KEY: keys.eventKey,
      INNGEST_SIGNING_KEY: keys.signingKey,
    },
  });
  await until("the server is ready", async () => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}/health`).catch(() => null);
    return response?.ok;
  });
}

async function killChild(): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

const storedSteps = async (): Promise<string[]> =>
  (
    await db.sql<{ step: string }[]>`
      select run_id || '/' || s.name as step from workflow_steps s where s.op <> 'sleep' order by run_id, position`
  ).map(({ step }) => step);

beforeAll(async () => {
  metricsPort = await freePort();
  app = await serveApp(at, functions);
  await startChild();
  await until("the functions are in", async () => (await db.sql`select 1 from workflow_functions`).length === 2);
});
afterAll(async () => {
  if (child?.exitCode === null) await killChild();
  if (app) await closeApp(app);
});

describe("a server that is killed", () => {
  it("goes on where it was, five times over", async () => {
    const events = Array.from({ length: runCount }, (_, n) => ({ id: `long-${n}`, name: "t/long", data: { n } }));
    await client.send(events);
    const total = runCount * stepCount;
    for (const share of [0.1, 0.25, 0.4, 0.5, 0.7]) {
      await until(`${share} of the steps are stored`, async () => (await storedSteps()).length >= total * share);
      await killChild();
      const stored = new Set(await storedSteps());
      const before = executions.length;
      await startChild();
      // The same events again, as a relay does that did not hear the answer.
      await client.send(events);
      await until("work goes on", () => executions.length > before);
      expect(executions.slice(before).filter((step) => stored.has(step))).toEqual([]);
    }
    const runs = await until("all runs end", async () => {
      const list = await read.runs("long");
      return list.every((run) => run.status !== "queued" && run.status !== "running") ? list : null;
    });
    expect(runs.map((run) => run.status)).toEqual(Array(runCount).fill("completed"));
    for (const { id } of runs) expect((await read.run(id)).output).toBe(stepCount);
    const stored = await storedSteps();
    expect(stored.length).toBe(total);
    expect(new Set(stored).size).toBe(total);
    expect(new Set(executions)).toEqual(new Set(stored));
  });

  it("lets no old call write into a run that was taken over", async () => {
    await client.send({ name: "t/held", data: {} });
    await until("the second step is under way", () => releases.length === 1);
    await killChild();
    await startChild();
    await until("the second step is called again", () => releases.length === 2);
    for (const release of releases) release();
    expect(await read.ended("held")).toMatchObject({ status: "completed", output: "second", stepCount: 2 });
    expect(executions.filter((step) => step.endsWith("/first")).length).toBe(1);
  });
});

describe("what the server depends on", () => {
  it("may go away: the app in the middle of a step, and every connection to the database", async () => {
    executions.length = 0;
    releases.length = 0;
    await db.sql`delete from workflow_runs`;
    await client.send({ name: "t/held", data: {} });
    await until("the second step is under way", () => releases.length === 1);
    await closeApp(app);
    const admin = postgres(process.env.TEST_DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
    const { pathname } = new URL(db.url);
    const ended = await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'workflow' and datname = ${pathname.slice(1)}`;
    await admin.end({ timeout: 5 });
    expect(ended.length).toBeGreaterThan(0);
    app = await serveApp(at, functions);
    await until("the second step is called again", () => releases.length === 2);
    for (const release of releases) release();
    expect(await read.ended("held")).toMatchObject({ status: "completed", stepCount: 2 });
    expect(executions.filter((step) => step.endsWith("/first")).length).toBe(1);
  });

  it("is counted: metrics and health", async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain("workflow_runs_ended_total");
    expect(metrics).toContain("workflow_call_seconds_count");
  });
});
