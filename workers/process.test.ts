/** The worker harness, in real processes: health, metrics, signals, errors, and a supervisor that dies. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { eventually } from "#tests/eventually.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Runs a worker whose start is the given source; `events` collects its lines. */
async function worker(
  start: string,
  options = "",
): Promise<{ child: ChildProcess; port: number; output: () => string }> {
  const port = await freePort();
  const source = `import { runWorker } from "#workers/process.ts";
    runWorker({ name: "sample", metricsPort: ${port}, start: ${start}, ${options} });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, LOG_LEVEL: "info" },
  });
  children.push(child);
  let text = "";
  child.stdout?.on("data", (data) => {
    text += data;
  });
  child.stderr?.on("data", (data) => {
    text += data;
  });
  return { child, port, output: () => text };
}

async function health(port: number): Promise<{ status: number; body: { live: boolean; ready: boolean } }> {
  const response = await eventually(() => fetch(`http://127.0.0.1:${port}/health`), 10);
  return { status: response.status, body: (await response.json()) as never };
}

it("answers 503 until it is ready, then 200, with metrics beside it", async () => {
  const { child, port } = await worker(`async () => {
    let isReady = false;
    process.once("message", () => { isReady = true });
    return { ready: () => isReady, close: async () => {} };
  }`);
  const first = await health(port);
  expect(first).toMatchObject({ status: 503, body: { live: true, ready: false } });
  child.send("be ready");
  await expect.poll(async () => (await health(port)).status).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toContain('process_cpu_seconds_total{worker="sample"}');
});

it("says that it stands still", async () => {
  const { port } = await worker("async () => ({ ready: () => true, isLive: () => false, close: async () => {} })");
  await expect.poll(async () => (await health(port)).body).toMatchObject({ live: false, ready: true });
  expect((await health(port)).status).toBe(503);
});

it("closes and exits 0 at SIGTERM", async () => {
  const { child, port, output } = await worker(
    "async () => ({ ready: () => true, close: async () => { console.log('closed') } })",
  );
  await health(port);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(output()).toContain("closed");
});

it("exits 1 when closing takes too long", async () => {
  const { child, port } = await worker(
    "async () => ({ ready: () => true, close: () => new Promise(() => {}) })",
    "closeTimeoutMs: 100",
  );
  await health(port);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([1, null]);
});

it("closes when the process that started it is gone", async () => {
  const { child, port } = await worker("async () => ({ ready: () => true, close: async () => {} })");
  await health(port);
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

it.each([
  [
    "an uncaught error",
    "async () => { setTimeout(() => { throw new Error('boom') }); return { ready: () => true, close: async () => {} } }",
  ],
  ["a failed start", "async () => { throw new Error('boom') }"],
])("logs %s and exits 1", async (_, start) => {
  const { child, output } = await worker(start);
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(output()).toContain("boom");
});
