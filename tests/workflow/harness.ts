/** An app that serves functions over HTTP with the public SDK, and the workflow server on a database of its own. */
import type { Server } from "node:http";
import { Inngest, type InngestFunction } from "inngest";
import { createServer } from "inngest/node";
import type { Database } from "#db/client.ts";
import { freePort } from "#scripts/free-port.ts";
import type { RunDetail, RunSummary } from "#workers/workflow/run-reads.ts";
import { startWorkflowServer, type WorkflowServer } from "#workers/workflow/server.ts";
import { defaultSettings, type WorkflowSettings } from "#workers/workflow/settings.ts";
import { hashedKey } from "#workers/workflow/signature.ts";

export const keys = { eventKey: "event-key-of-the-tests", signingKey: `signkey-test-${"5eed".repeat(16)}` };

export const silent = { info() {}, warn() {}, error() {}, debug() {} };

export type Place = { port: number; url: string; appPort: number; appUrl: string; client: Inngest };

/** Ports and a client for a server and an app that are not started yet. */
export async function place(appId: string): Promise<Place> {
  const [port, appPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const client = new Inngest({ id: appId, baseUrl: url, isDev: false, logger: silent, ...keys });
  return { port, url, appPort, appUrl: `http://127.0.0.1:${appPort}/api/inngest`, client };
}

export function settingsFor({ port, appUrl }: Place, changed: Partial<WorkflowSettings> = {}): WorkflowSettings {
  return { ...defaultSettings, port, appUrl, ...keys, retryBaseMs: 20, pollMs: 50, syncEveryMs: 200, ...changed };
}

export async function startServer(
  db: Database,
  at: Place,
  changed: Partial<WorkflowSettings> = {},
): Promise<WorkflowServer> {
  const server = await startWorkflowServer(db, settingsFor(at, changed));
  return server;
}

export async function serveApp(at: Place, functions: InngestFunction.Like[]): Promise<Server> {
  const app = createServer({ client: at.client, functions });
  await new Promise<void>((resolve) => app.listen(at.appPort, "127.0.0.1", resolve));
  return app;
}

export function closeApp(app: Server): Promise<void> {
  app.closeAllConnections();
  return new Promise((resolve) => app.close(() => resolve()));
}

/** Waits for a condition that something else brings about, and says what it waited for when it does not come. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 180_000,
): Promise<NonNullable<Awaited<T>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value as NonNullable<Awaited<T>>;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The read API of the server, as the console uses it. */
export function reader(at: Place) {
  const headers = { authorization: `Bearer ${hashedKey(keys.signingKey)}` };
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(at.url + path, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const runs = async (functionId: string): Promise<RunSummary[]> =>
    (await get<{ runs: RunSummary[] }>(`/v0/runs?limit=100&functionId=${at.client.id}-${functionId}`)).runs;
  const run = (id: string) => get<RunDetail>(`/v0/runs/${id}`);
  return {
    get,
    runs,
    run,
    cancel: async (id: string) => fetch(`${at.url}/v0/runs/${id}/cancel`, { method: "POST", headers }),
    /** The only run of a function, once it has come to an end. */
    ended: async (functionId: string): Promise<RunDetail> => {
      const found = await until(`${functionId} ends`, async () => {
        const [one] = await runs(functionId);
        return one && !["queued", "running"].includes(one.status) ? one : null;
      });
      return run(found.id);
    },
    /** The only run of a function, once it waits for something of that kind. */
    waiting: async (functionId: string, kind: string): Promise<RunDetail> =>
      until(`${functionId} waits (${kind})`, async () => {
        const [one] = await runs(functionId);
        const detail = one ? await run(one.id) : null;
        return detail?.waits.some((wait) => wait.kind === kind) ? detail : null;
      }),
  };
}
