/** The parts of a run: ports, secrets, lock, logs, supervision, and a Postgres that is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import postgres from "postgres";
import { afterEach, describe, expect, it } from "vitest";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { checkExternalDatabase, openEmbeddedDatabase } from "#scripts/launch/database.ts";
import { openInstallation } from "#scripts/launch/installation.ts";
import { childOutput } from "#scripts/launch/output.ts";
import { checkPorts } from "#scripts/launch/ports.ts";
import { backoffMs, type ChildPlan, supervise } from "#scripts/launch/supervise.ts";

const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "banyan-launch-"));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe("ports", () => {
  it("names a taken port, its setting, and how to choose another", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    undo.push(() => server.close());
    const { port } = server.address() as { port: number };
    const need = { setting: "WEB_PORT", port, host: "127.0.0.1" };
    await expect(checkPorts([need], 0)).rejects.toThrow(
      new RegExp(`^Port ${port} \\(WEB_PORT\\) is taken.*WEB_PORT=\\d+ npm start$`),
    );
  });

  it("refuses one port for two purposes", async () => {
    const needs = ["PORT", "WEB_PORT"].map((setting) => ({ setting, port: 21_987, host: "127.0.0.1" }));
    await expect(checkPorts(needs, 0)).rejects.toThrow("PORT and WEB_PORT both ask for port 21987");
  });

  it("waits for a port that a killed run still holds", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const check = checkPorts([{ setting: "PORT", port, host: "127.0.0.1" }], 10_000);
    server.close();
    await check;
  });
});

describe("an installation", () => {
  it("makes its secrets once, for its owner's eyes only", () => {
    const dataDir = folder();
    const first = openInstallation(dataDir);
    first.release();
    const second = openInstallation(dataDir);
    expect(second.secrets).toEqual(first.secrets);
    expect(Buffer.from(first.secrets.ENCRYPTION_KEY, "base64")).toHaveLength(32);
    expect(first.secrets.SIMULATOR_PASSWORD).toHaveLength(8);
    expect(statSync(path.join(dataDir, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(openInstallation(folder()).secrets.AUTH_SECRET).not.toBe(first.secrets.AUTH_SECRET);
  });

  it("says in one line that a folder cannot be used", () => {
    const file = path.join(folder(), "file");
    writeFileSync(file, "");
    for (const wrong of ["/proc/x", "/proc/x/y/z", path.join(file, "data"), file]) {
      expect(() => openInstallation(wrong)).toThrow(new RegExp(`^DATA_DIR ${wrong} cannot be written: .+$`));
    }
    const deep = path.join(folder(), "not", "yet", "there");
    openInstallation(deep).release();
    expect(statSync(path.join(deep, "logs")).isDirectory()).toBe(true);
  });

  it("knows a run that was killed from one that ended", () => {
    const dataDir = folder();
    expect(openInstallation(dataDir).endedHard).toBe(false);
    expect(openInstallation(dataDir).endedHard).toBe(true);
    openInstallation(dataDir).release();
    expect(openInstallation(dataDir).endedHard).toBe(false);
  });

  it("refuses a folder that a running Banyan uses", async () => {
    const dataDir = folder();
    openInstallation(dataDir);
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "scripts/start.ts"]);
    undo.push(() => other.kill("SIGKILL"));
    await once(other, "spawn");
    writeFileSync(path.join(dataDir, "banyan.pid"), String(other.pid));
    expect(() => openInstallation(dataDir)).toThrow(`Banyan already runs on ${dataDir} (process ${other.pid})`);
  });
});

it("keeps logs bounded, and picks out errors", async () => {
  const logDir = folder();
  const output = childOutput("sample", logDir);
  const stream = new PassThrough();
  output.attach(stream, false);
  stream.write('{"level":30,"msg":"fine"}\n{"level":50,"msg":"broken","err":{"message":"pipe"}}\n');
  for (let n = 0; n < 220; n++) stream.write(`${"x".repeat(100_000)}\n`);
  stream.end();
  await once(stream, "end");
  expect(output.lastError()).toBe("broken: pipe");
  const sizes = ["sample.log", "sample.log.1", "sample.log.2"].map((name) => statSync(path.join(logDir, name)).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(10 * 1024 * 1024);
  expect(readFileSync(path.join(logDir, "sample.log.2"), "utf8")).toContain("fine");
});

/** As the kernel says it: T for stopped by a signal. */
function stateOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8");
}

describe("supervision", () => {
  it("waits longer after each failure, at most 30 seconds", () => {
    expect([1, 2, 3, 7, 50].map(backoffMs)).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
  });

  function plan(source: string, spawned: ChildProcess[], isHealthy: () => boolean): ChildPlan {
    return {
      name: "sample",
      output: childOutput("sample", folder()),
      stopSignal: "SIGTERM",
      stopTimeoutMs: 200,
      lastResort: "SIGKILL",
      spawn() {
        const child = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "pipe"] });
        spawned.push(child);
        return child;
      },
      isHealthy: async () => isHealthy(),
    };
  }

  it("starts a child again that was killed, and stops it when asked", async () => {
    const spawned: ChildProcess[] = [];
    const child = supervise(plan("setInterval(() => {}, 1000)", spawned, () => spawned.length > 0));
    await child.start();
    spawned[0]?.kill("SIGKILL");
    await expect.poll(() => spawned.length).toBe(2);
    await child.stop();
    expect(spawned[1]?.signalCode ?? spawned[1]?.exitCode).not.toBeNull();
    expect(spawned).toHaveLength(2);
  });

  it("ends a child that ignores the signal", async () => {
    const spawned: ChildProcess[] = [];
    const source = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
    const child = supervise(plan(source, spawned, () => spawned.length > 0));
    await child.start();
    await once(spawned[0]?.stdout as NodeJS.ReadableStream, "data");
    await child.stop();
    expect(spawned[0]?.signalCode).toBe("SIGKILL");
  });

  it("starts a child again that is stopped but not dead", async () => {
    const spawned: ChildProcess[] = [];
    const isStopped = (child: ChildProcess | undefined) => / T /.test(stateOf(child?.pid ?? 0));
    const child = supervise({
      ...plan("setInterval(() => {}, 1000)", spawned, () => spawned.length > 0),
      watch: {
        isAlive: async () => !isStopped(spawned.at(-1)),
        isExcused: async () => false,
        everyMs: 10,
        patienceMs: 50,
      },
    });
    await child.start();
    spawned[0]?.kill("SIGSTOP");
    await expect.poll(() => spawned.length).toBe(2);
    expect(spawned[0]?.signalCode).toBe("SIGKILL");
    await child.stop();
  });

  it("does not blame a child for what it depends on", async () => {
    const spawned: ChildProcess[] = [];
    let looks = 0;
    const isExcused = async () => {
      looks += 1;
      return looks < 30;
    };
    const child = supervise({
      ...plan("setInterval(() => {}, 1000)", spawned, () => spawned.length > 0),
      watch: { isAlive: async () => false, isExcused, everyMs: 5, patienceMs: 20 },
    });
    await child.start();
    await expect.poll(() => spawned.length).toBe(2);
    expect(looks).toBeGreaterThanOrEqual(30);
    await child.stop();
  });

  it("gives up at the start after a few failures, with what the child said", async () => {
    const failing = plan("console.error('no such thing'); process.exit(1)", [], () => false);
    const inner = failing.spawn;
    failing.spawn = () => {
      const child = inner() as ChildProcess;
      failing.output.attach(child.stderr, true);
      return child;
    };
    const child = supervise(failing);
    await expect(child.start()).rejects.toThrow(/^sample did not become ready\. It said: no such thing/);
    await child.stop();
  });
});

describe("the database", () => {
  it("comes back on the same address after kill -9, with its data", async () => {
    const installation = openInstallation(folder());
    const { url, child } = await openEmbeddedDatabase(installation, (c) => undo.push(() => c.stop()));
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    undo.push(() => sql.end({ timeout: 1 }));
    await sql`create table kept as select 42 as n`;
    const pidFile = path.join(installation.dataDir, "postgres/postmaster.pid");
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGKILL");
    const ask = () => sql`select n from kept`.then((rows) => rows[0]?.n).catch(() => null);
    await expect.poll(ask, { interval: 200 }).toBe(42);
    await child.stop();
  });

  it("takes over from a server that a killed run left behind", async () => {
    const installation = openInstallation(folder());
    // Started, and watched by nobody: its supervisor was killed.
    const left = await startEmbeddedPostgres({ dataDir: installation.dataDir, port: await freePort() });
    undo.push(() => left.stop());
    const again = await openEmbeddedDatabase(installation, (c) => undo.push(() => c.stop()));
    expect(left.process.exitCode).toBe(0);
    const sql = postgres(again.url, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end({ timeout: 1 });
  });

  it("says in one line that another database cannot be reached, without the password", async () => {
    const url = `postgres://user:s3cret@127.0.0.1:${await freePort()}/sms`;
    const error = (await checkExternalDatabase(url).catch((e) => e)) as Error;
    expect(error.message).toMatch(/^The database 127\.0\.0\.1:\d+\/sms cannot be reached: nothing listens there\./);
    expect(error.message).not.toContain("s3cret");
  });
});
