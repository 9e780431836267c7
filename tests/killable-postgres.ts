/** A Postgres of its own for one test: killed, started again, stopped in its tracks. */
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { freePort } from "#scripts/free-port.ts";
import { openFolder } from "#scripts/open-folder.ts";

export async function killablePostgres() {
  const folder = openFolder("away");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = { dataDir: path.join(folder, "data"), port: await freePort(), settings: { fsync: "off" } };
  let running = await startEmbeddedPostgres(options);
  onTestFinished(() => running.stop());
  return {
    url: running.url,
    hang: () => signalAll(running.process.pid ?? 0, "SIGSTOP"),
    goOn: () => signalAll(running.process.pid ?? 0, "SIGCONT"),
    async kill() {
      const ended = once(running.process, "exit");
      running.process.kill("SIGKILL");
      await ended;
    },
    async start() {
      running = await startEmbeddedPostgres(options);
    },
  };
}

/** The server and its backends. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  for (const each of [pid, ...children.map(Number)]) process.kill(each, signal);
}
