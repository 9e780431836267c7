/** Conformance, through the public SDK over HTTP: what starts, stops and limits runs, and what is refused. */
import type { Server } from "node:http";
import { Inngest } from "inngest";
import { createServer } from "inngest/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { testDatabase } from "#tests/database.ts";
import { closeApp, keys, place, reader, serveApp, silent, startServer, until } from "#tests/workflow/harness.ts";
import type { WorkflowServer } from "#workers/workflow/server.ts";
import { canonicalJson, hashedKey, sign } from "#workers/workflow/signature.ts";

const db = await testDatabase();
const at = await place("triggers");
const { client } = at;
const read = reader(at);

/** Calls under way at one moment, and the most there were, by group. */
const inside = new Map<string, { now: number; most: number }>();
const gates: (() => void)[] = [];
let isGateOpen = false;

async function counted(group: string): Promise<void> {
  const seen = inside.get(group) ?? { now: 0, most: 0 };
  inside.set(group, seen);
  seen.now += 1;
  seen.most = Math.max(seen.most, seen.now);
  if (!isGateOpen) await new Promise<void>((resolve) => gates.push(resolve));
  seen.now -= 1;
}

const limited = client.createFunction(
  {
    id: "limited",
    triggers: { event: "t/limited" },
    concurrency: [{ limit: 2, key: "event.data.tenant" }, { limit: 3 }],
  },
  ({ event, step }) => step.run("work", () => counted(event.data.tenant)),
);

const functions = [
  limited,
  client.createFunction({ id: "dated", triggers: { event: "t/dated" } }, () => Date.now()),
  client.createFunction({ id: "simple", triggers: { event: "t/simple" } }, ({ event }) => event.data.n),
  client.createFunction(
    { id: "once-an-order", triggers: { event: "t/order" }, idempotency: "event.data.tenant + '-' + event.data.order" },
    ({ event }) => event.data.order,
  ),
  client.createFunction(
    {
      id: "cancellable",
      triggers: { event: "t/cancellable" },
      cancelOn: [{ event: "t/stop", if: "async.data.id == event.data.id" }],
    },
    async ({ step }) => {
      await step.sleep("long", "1h");
    },
  ),
  client.createFunction({ id: "by-hand", triggers: { event: "t/by-hand" } }, async ({ step }) => {
    await step.sleep("long", "1h");
  }),
  client.createFunction(
    {
      id: "after-cancel",
      triggers: { event: "inngest/function.cancelled", if: "event.data.function_id == 'triggers-cancellable'" },
    },
    ({ event }) => event.data.event.data.id,
  ),
  client.createFunction({ id: "every-second", triggers: { cron: "* * * * * *" } }, ({ event }) => event.data),
];

let server: WorkflowServer;
let app: Server;
beforeAll(async () => {
  server = await startServer(db, at);
  app = await serveApp(at, functions);
  await until("the server finds an app that starts after it", () => server.isSynced());
});
afterAll(async () => {
  await server?.close();
  if (app) await closeApp(app);
});

const send = (name: string, data: Record<string, unknown> = {}) => client.send({ name, data });
const status = async (id: string) => (await read.runs(id)).map((run) => run.status);

describe("events", () => {
  it("with an id that was seen start nothing again", async () => {
    const event = { id: "order-1", name: "t/simple", data: { n: 1 } };
    expect((await client.send(event)).ids).toEqual(["order-1"]);
    await client.send([event, event]);
    await client.send({ ...event, id: "order-2", data: { n: 2 } });
    await until("both have run", async () => (await status("simple")).join() === "completed,completed");
  });

  it("with a date in the future start then", async () => {
    const ts = Date.now() + 600;
    await client.send({ name: "t/dated", data: {}, ts });
    expect((await read.ended("dated")).output).toBeGreaterThanOrEqual(ts);
  });

  it("are refused with a wrong key, without a name, and with a name of the server's own", async () => {
    const post = async (key: string, body: unknown) =>
      (
        await fetch(`${at.url}/e/${key}`, {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        })
      ).status;
    expect(await post("a-wrong-event-key", { name: "t/simple", data: {} })).toBe(401);
    expect(await post(keys.eventKey, { data: {} })).toBe(400);
    expect(await post(keys.eventKey, { name: "t/simple", data: "text" })).toBe(400);
    expect(await post(keys.eventKey, { name: "inngest/function.failed", data: {} })).toBe(400);
    await expect(client.send({ name: "inngest/x", data: {} })).rejects.toThrow("server's own");
  });
});

describe("runs", () => {
  it("start once for an idempotency key", async () => {
    for (const order of ["x", "x", "y", "x"]) await send("t/order", { tenant: "T", order });
    await until("the two orders ran", async () => (await status("once-an-order")).join() === "completed,completed");
  });

  it("are limited per key and in all, and those beyond wait for their turn", async () => {
    for (const tenant of ["A", "A", "A", "A", "B", "B"]) await send("t/limited", { tenant });
    // All three places are taken: two by A, and B passes A's queue.
    await until("three calls are under way", () => (inside.get("A")?.now ?? 0) + (inside.get("B")?.now ?? 0) === 3);
    expect([inside.get("A")?.now, inside.get("B")?.now]).toEqual([2, 1]);
    isGateOpen = true;
    for (const open of gates) open();
    await until("all have run", async () => (await status("limited")).every((one) => one === "completed"));
    expect(inside.get("A")?.most).toBe(2);
    expect(inside.get("B")?.most).toBeLessThanOrEqual(2);
  });

  it("are cancelled by a matching event, and others are not", async () => {
    await send("t/cancellable", { id: "one" });
    await send("t/cancellable", { id: "two" });
    await until("both sleep", async () => {
      const runs = await Promise.all((await read.runs("cancellable")).map(({ id }) => read.run(id)));
      return runs.length === 2 && runs.every((run) => run.waits.some((wait) => wait.kind === "sleep"));
    });
    await send("t/stop", { id: "one" });
    await until("one is cancelled", async () => (await status("cancellable")).includes("cancelled"));
    expect(await status("cancellable")).toEqual(["running", "cancelled"]);
    expect(await read.ended("after-cancel")).toMatchObject({ output: "one" });
  });

  it("are cancelled by hand", async () => {
    await send("t/by-hand");
    const { id } = await read.waiting("by-hand", "sleep");
    expect((await read.cancel(id)).status).toBe(200);
    expect(await read.ended("by-hand")).toMatchObject({ status: "cancelled", waits: [] });
  });

  it("start by cron, once for each moment", async () => {
    const runs = await until("three have run", async () => {
      const ended = (await read.runs("every-second")).filter((run) => run.status === "completed");
      return ended.length >= 3 ? ended : null;
    });
    // An id begins with the moment, in milliseconds, at which the schedule was looked at: RFC 9562, version 7.
    const seconds = runs.map(({ id }) => Math.floor(Number.parseInt(id.replace("-", "").slice(0, 12), 16) / 1_000));
    expect(new Set(seconds).size).toBe(seconds.length);
    expect((await read.run(runs[0]?.id ?? "")).output).toEqual({ cron: "* * * * * *" });
  });
});

describe("the sync", () => {
  const refused = async (make: (other: Inngest) => ReturnType<Inngest["createFunction"]>): Promise<string> => {
    const other = new Inngest({ id: "other", baseUrl: at.url, isDev: false, logger: silent, ...keys });
    const port = await freePort();
    const otherApp = createServer({ client: other, functions: [make(other)] });
    await new Promise<void>((resolve) => otherApp.listen(port, "127.0.0.1", resolve));
    const response = await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: "PUT" });
    await closeApp(otherApp);
    expect(response.status).toBe(400);
    return ((await response.json()) as { message: string }).message;
  };
  const trigger = { event: "t/other" };
  const nothing = () => {};

  it("refuses what is not supported, and names the function and the option", async () => {
    expect(
      await refused((other) =>
        other.createFunction({ id: "d", triggers: trigger, debounce: { period: "1m" } }, nothing),
      ),
    ).toMatch(/"other-d".*"debounce" is not supported/);
    expect(
      await refused((other) =>
        other.createFunction({ id: "b", triggers: trigger, batchEvents: { maxSize: 5, timeout: "5s" } }, nothing),
      ),
    ).toMatch(/"other-b".*"batchEvents" is not supported/);
    expect(
      await refused((other) =>
        other.createFunction({ id: "i", triggers: { event: "t/other", if: "event.data.n > 3" } }, nothing),
      ),
    ).toMatch(/"other-i".*"triggers.if" is refused/);
    expect(
      await refused((other) =>
        other.createFunction(
          { id: "c", triggers: trigger, cancelOn: [{ event: "x", if: "size(async.data.l)" }] },
          nothing,
        ),
      ),
    ).toMatch(/"other-c".*"cancelOn.if" is refused/);
    expect(
      await refused((other) => other.createFunction({ id: "t", triggers: { cron: "61 * * * *" } }, nothing)),
    ).toMatch(/"other-t".*"triggers.cron" is refused/);
  });

  it("takes what an app registers by itself", async () => {
    const other = new Inngest({ id: "other", baseUrl: at.url, isDev: false, logger: silent, ...keys });
    const port = await freePort();
    const hello = other.createFunction({ id: "hello", triggers: { event: "t/hello" } }, () => "hello");
    const otherApp = createServer({ client: other, functions: [hello] });
    await new Promise<void>((resolve) => otherApp.listen(port, "127.0.0.1", resolve));
    const put = async () => (await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: "PUT" })).json();
    expect(await put()).toMatchObject({ modified: true });
    expect(await put()).toMatchObject({ modified: false });
    await send("t/hello");
    const found = await until("hello has run", async () => {
      const { runs } = await read.get<{ runs: { status: string }[] }>("/v0/runs?functionId=other-hello");
      return runs.find((run) => run.status === "completed");
    });
    expect(found.status).toBe("completed");
    await closeApp(otherApp);
  });

  it("notices an app that comes back with other functions", async () => {
    await closeApp(app);
    const fresh = client.createFunction({ id: "fresh", triggers: { event: "t/fresh" } }, () => "fresh");
    app = await serveApp(at, [...functions, fresh]);
    await until("the new function is served", async () => {
      const { length } = await db.sql`select 1 from workflow_functions where id = 'triggers-fresh' and is_active`;
      return length === 1;
    });
    await until("the catalogue has it", async () => {
      await send("t/fresh");
      return (await status("fresh")).includes("completed");
    });
  });
});

describe("signatures", () => {
  it("are asked for by the server: no key, a wrong key, a key in clear", async () => {
    for (const path of ["/v0/runs", "/v0/runs/x", "/v0/runs/x/actions"]) {
      const wrong = [undefined, "Bearer signkey-test-00", `Bearer ${keys.signingKey}`];
      for (const authorization of wrong) {
        const response = await fetch(at.url + path, authorization ? { headers: { authorization } } : {});
        expect(response.status).toBe(401);
      }
    }
    const register = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    expect((await fetch(`${at.url}/fn/register`, register)).status).toBe(401);
  });

  it("are asked for by the app: an unsigned call, a wrong key and an old signature run nothing", async () => {
    const body = canonicalJson({ event: { name: "t/simple", data: {} }, events: [], steps: {}, ctx: { run_id: "x" } });
    const call = async (signature?: string) =>
      (
        await fetch(`${at.appUrl}?fnId=triggers-simple&stepId=step`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json", ...(signature ? { "x-inngest-signature": signature } : {}) },
        })
      ).status;
    expect(await call()).toBe(401);
    expect(await call(sign(body, "signkey-test-ffff", Date.now()))).toBe(401);
    expect(await call(sign(body, keys.signingKey, Date.now() - 600_000))).toBe(401);
    expect(await call(sign(body, keys.signingKey, Date.now()))).toBe(200);
  });

  it("hold: an app with another key is not believed", async () => {
    const impostor = new Inngest({
      id: "triggers",
      baseUrl: at.url,
      isDev: false,
      logger: silent,
      eventKey: keys.eventKey,
      signingKey: "signkey-test-abcdef",
    });
    const port = await freePort();
    const lie = impostor.createFunction({ id: "lie", triggers: { event: "t/lie" } }, () => "lie");
    const otherApp = createServer({ client: impostor, functions: [lie] });
    await new Promise<void>((resolve) => otherApp.listen(port, "127.0.0.1", resolve));
    const response = await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: "PUT" });
    expect(((await response.json()) as { message: string }).message).toContain("signing key");
    await closeApp(otherApp);
    expect(hashedKey("signkey-test-abcdef")).not.toBe(hashedKey(keys.signingKey));
  });
});
