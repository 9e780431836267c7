/** Puts the server together: HTTP, the dispatcher, and the look at the app for its functions. */
import type { Database } from "#db/client.ts";
import { locks } from "#db/locks.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { log } from "#server/kernel/log.ts";
import { Catalog } from "./catalog.ts";
import { releaseAll } from "./claim.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Engine } from "./engine.ts";
import { buildHttp } from "./http.ts";
import { appSynced } from "./metrics.ts";
import type { WorkflowSettings } from "./settings.ts";
import { pullFunctions } from "./sync.ts";

/** Until the app has answered once. */
const firstSyncEveryMs = 500;
const patienceMs = 20_000;
/** Much longer than any look for work takes. */
const standstillMs = 60_000;

export type WorkflowServer = {
  url: string;
  /** True once the app's functions are in. */
  isSynced(): boolean;
  /** What the last look at the app came to, null when it went well. */
  syncProblem(): string | null;
  /** False when it stopped looking for work. */
  isLive(): boolean;
  syncNow(): Promise<string | null>;
  close(): Promise<void>;
};

export async function startWorkflowServer(db: Database, settings: WorkflowSettings): Promise<WorkflowServer> {
  const catalog = new Catalog();
  await catalog.load(db);
  const dispatcher = new Dispatcher(() => engine);
  const engine: Engine = { db, clock: systemClock, settings, catalog, wake: () => dispatcher.wake() };
  // Held by the one server that works on this database, for as long as its connection lives.
  const alone = await db.sql.reserve();
  const [held] = await alone<
    { isAlone: boolean }[]
  >`select pg_try_advisory_lock(${locks.workflowAlone}::int) as "isAlone"`;
  // A server killed in the middle of calls leaves leases behind. Alone, we need not wait until they run out.
  if (held?.isAlone) {
    const count = await releaseAll(engine);
    if (count > 0) log.info({ count }, "calls of an earlier server are made again");
  }
  const http = buildHttp(engine);
  await http.listen({ port: settings.port, host: "127.0.0.1" });
  const sync = keepSynced(engine);
  dispatcher.start();
  return {
    url: `http://127.0.0.1:${settings.port}`,
    isSynced: () => sync.isDone(),
    syncProblem: () => sync.problem(),
    isLive: () => dispatcher.silentMs() < standstillMs,
    syncNow: () => sync.now(),
    close: async () => {
      await sync.stop();
      await dispatcher.close(patienceMs);
      await http.close();
      await alone`select pg_advisory_unlock_all()`.catch(() => {});
      alone.release();
    },
  };
}

/** Asks the app until it answers, then regularly: an app that was restarted with other functions is noticed. */
function keepSynced(engine: Engine) {
  let problem: string | null = "The app has not been asked yet.";
  let isDone = false;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<string | null> => {
    const before = problem;
    problem = await pullFunctions(engine);
    appSynced.set(problem === null ? 1 : 0);
    if (problem === null) isDone = true;
    else if (problem !== before) log.warn({ reason: problem }, "the app's functions could not be synced");
    return problem;
  };
  const loop = async (): Promise<void> => {
    await look();
    if (!isStopped) timer = setTimeout(next, isDone ? engine.settings.syncEveryMs : firstSyncEveryMs);
  };
  let current = loop();
  function next(): void {
    current = loop();
  }
  return {
    isDone: () => isDone,
    problem: () => problem,
    now: look,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
