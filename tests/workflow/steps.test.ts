/** Conformance, through the public SDK over HTTP: what a function can do with steps. */
import type { Server } from "node:http";
import { NonRetriableError, RetryAfterError } from "inngest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#tests/database.ts";
import { closeApp, place, reader, serveApp, startServer, until } from "#tests/workflow/harness.ts";
import type { WorkflowServer } from "#workers/workflow/server.ts";

const db = await testDatabase();
const at = await place("steps");
const { client } = at;
const read = reader(at);

/** How often each step ran, and in which order. */
const ran: string[] = [];
const count = (name: string) => ran.filter((one) => one === name).length;
const mark = <T>(name: string, value: T): T => {
  ran.push(name);
  return value;
};

const child = client.createFunction({ id: "child", triggers: { event: "t/child" } }, async ({ event, step }) => {
  const doubled = await step.run("double", () => mark("child", Number(event.data.n) * 2));
  if (doubled > 100) throw new NonRetriableError("too large");
  return { doubled };
});

const functions = [
  child,
  client.createFunction({ id: "sequence", triggers: { event: "t/sequence" } }, async ({ event, step }) => {
    const a = await step.run("a", () => mark("sequence a", { text: "a\u0000ü", list: [1, 2], n: event.data.n }));
    const b = await step.run("b", () => mark("sequence b", `${a.text}!`));
    await step.run("nothing", () => mark("sequence nothing", undefined));
    return { b, n: a.n };
  }),
  client.createFunction(
    { id: "odd", triggers: { event: "t/odd" }, concurrency: { limit: 5, key: "event.data.key" } },
    ({ step }) => step.run("name \u0000 and \ud800", () => mark("odd", "\ud800\u0000")),
  ),
  client.createFunction({ id: "no-steps", triggers: { event: "t/no-steps" } }, () => mark("no-steps", undefined)),
  client.createFunction(
    { id: "without-checkpoints", triggers: { event: "t/without-checkpoints" }, checkpointing: false },
    async ({ step }) => {
      const a = await step.run("a", () => mark("plain a", 1));
      const b = await step.run("b", () => mark("plain b", a + 1));
      return a + b;
    },
  ),
  client.createFunction({ id: "parallel", triggers: { event: "t/parallel" } }, async ({ step }) => {
    const chain = async (name: string) => {
      const first = await step.run(`${name}1`, () => mark(`${name}1`, name));
      return step.run(`${name}2`, () => mark(`${name}2`, `${first}!`));
    };
    const both = await Promise.all([chain("left"), chain("right")]);
    const after = await step.run("after", () => mark("after", both.join("+")));
    return after;
  }),
  client.createFunction({ id: "loop", triggers: { event: "t/loop" } }, async ({ step }) => {
    let sum = 0;
    for (let i = 0; i < 20; i++) sum += await step.run("add", () => mark("loop", i));
    return sum;
  }),
  client.createFunction({ id: "sleeper", triggers: { event: "t/sleeper" } }, async ({ step }) => {
    const before = await step.run("before", () => mark("sleeper before", Date.now()));
    await step.sleep("short", "1s");
    await step.sleepUntil("moment", new Date(before + 1200));
    return (await step.run("after", () => mark("sleeper after", Date.now()))) - before;
  }),
  client.createFunction({ id: "waiter", triggers: { event: "t/waiter" } }, async ({ event, step }) => {
    const hit = await step.waitForEvent("hit", { event: "t/answer", timeout: "1h", match: "data.order" });
    const missed = await step.waitForEvent("missed", { event: "t/never", timeout: "1s" });
    return { answer: hit?.data.answer, order: event.data.order, missed };
  }),
  client.createFunction({ id: "wait-condition", triggers: { event: "t/wait-condition" } }, async ({ step }) => {
    const hit = await step.waitForEvent("hit", {
      event: "t/graded",
      timeout: "1h",
      if: "async.data.order == event.data.order && async.data.grade != 'poor'",
    });
    return hit?.data.grade;
  }),
  client.createFunction({ id: "wait-refused", triggers: { event: "t/wait-refused" }, retries: 0 }, async ({ step }) => {
    await step.waitForEvent("hit", { event: "t/x", timeout: "1h", if: "async.data.n > 3" });
  }),
  client.createFunction({ id: "caller", triggers: { event: "t/caller" } }, async ({ step }) => {
    const good = await step.invoke("good", { function: child, data: { n: 21 } });
    const bad = await step.invoke("bad", { function: child, data: { n: 51 } }).catch((error: Error) => error.message);
    return { good, bad };
  }),
  client.createFunction({ id: "sender", triggers: { event: "t/sender" } }, async ({ step }) => {
    const { ids } = await step.sendEvent("send", [
      { name: "t/sent", data: { n: 1 } },
      { name: "t/sent", data: { n: 2 } },
    ]);
    return ids.length;
  }),
  client.createFunction({ id: "receiver", triggers: { event: "t/sent", if: "event.data.n == 2" } }, ({ event }) =>
    mark("receiver", event.data.n),
  ),
  client.createFunction({ id: "flaky", triggers: { event: "t/flaky" }, retries: 3 }, async ({ step, attempt }) => {
    const value = await step.run("flaky", () => {
      if (mark("flaky", attempt) < 2) throw new Error("not yet");
      return attempt;
    });
    return value;
  }),
  client.createFunction({ id: "catcher", triggers: { event: "t/catcher" }, retries: 1 }, async ({ step }) => {
    try {
      await step.run("hopeless", () => mark("hopeless", Promise.reject(new Error("always"))));
    } catch (error) {
      return step.run("make-up", () => mark("make-up", (error as Error).message));
    }
  }),
  client.createFunction({ id: "body-fails", triggers: { event: "t/body-fails" }, retries: 2 }, ({ attempt }) => {
    mark("body-fails", attempt);
    throw new TypeError("in the body");
  }),
  client.createFunction(
    {
      id: "not-retriable",
      triggers: { event: "t/not-retriable" },
      retries: 5,
      onFailure: ({ error, event }) => {
        mark(`onFailure ${error.message} ${event.data.event.data.n} ${event.data.function_id}`, null);
      },
    },
    async ({ step }) => {
      await step.run("once", () => {
        mark("not-retriable", null);
        throw new NonRetriableError("never again");
      });
    },
  ),
  client.createFunction({ id: "retry-after", triggers: { event: "t/retry-after" } }, async ({ step, attempt }) => {
    const first = Date.now();
    return step.run("later", () => {
      if (mark("retry-after", attempt) === 0) throw new RetryAfterError("busy", new Date(first + 700));
      return "done";
    });
  }),
  client.createFunction({ id: "large", triggers: { event: "t/large" } }, async ({ step }) => {
    const parts: string[] = [];
    for (const name of ["x", "y", "z"]) parts.push(await step.run(name, () => name.repeat(1_000_000)));
    await step.sleep("so-that-state-is-sent-again", "1s");
    return parts.join("").length;
  }),
];

let server: WorkflowServer;
let app: Server;
beforeAll(async () => {
  app = await serveApp(at, functions);
  server = await startServer(db, at);
  await until("the server finds the app by itself", () => server.isSynced());
});
afterAll(async () => {
  await server?.close();
  if (app) await closeApp(app);
});

const send = (name: string, data: Record<string, unknown> = {}) => client.send({ name, data });

describe("steps", () => {
  it("run one after the other, each once, and give back what they returned", async () => {
    await send("t/sequence", { n: 7 });
    const run = await read.ended("sequence");
    expect(run).toMatchObject({ status: "completed", output: { b: "a\u0000ü!", n: 7 }, stepCount: 3 });
    expect(ran.filter((name) => name.startsWith("sequence"))).toEqual(["sequence a", "sequence b", "sequence nothing"]);
  });

  it("may be named and keyed with characters that Postgres does not hold", async () => {
    await send("t/odd", { key: "a\u0000b", text: "\ud800" });
    expect(await read.ended("odd")).toMatchObject({ status: "completed", output: "\ud800\u0000" });
    expect(count("odd")).toBe(1);
  });

  it("need not be there at all", async () => {
    await send("t/no-steps");
    expect(await read.ended("no-steps")).toMatchObject({ status: "completed", output: null });
  });

  it("work without checkpoints, one call a step", async () => {
    await send("t/without-checkpoints");
    expect(await read.ended("without-checkpoints")).toMatchObject({ status: "completed", output: 3 });
    expect([count("plain a"), count("plain b")]).toEqual([1, 1]);
  });

  it("run in parallel chains, each step once", async () => {
    await send("t/parallel");
    expect(await read.ended("parallel")).toMatchObject({ status: "completed", output: "left!+right!" });
    expect(["left1", "left2", "right1", "right2", "after"].map(count)).toEqual([1, 1, 1, 1, 1]);
  });

  it("may repeat an id in a loop", async () => {
    await send("t/loop");
    expect(await read.ended("loop")).toMatchObject({ output: 190, stepCount: 20 });
    expect(count("loop")).toBe(20);
  });

  it("sleep for a while and until a moment", async () => {
    await send("t/sleeper");
    const run = await read.ended("sleeper");
    expect(run.output).toBeGreaterThanOrEqual(1200);
    expect([count("sleeper before"), count("sleeper after")]).toEqual([1, 1]);
  });

  it("wait for the matching event, and give up after the timeout", async () => {
    await send("t/waiter", { order: "A" });
    await read.waiting("waiter", "event");
    await send("t/answer", { order: "B", answer: "wrong" });
    await send("t/answer", { order: "A", answer: "right" });
    expect(await read.ended("waiter")).toMatchObject({ output: { answer: "right", order: "A", missed: null } });
  });

  it("wait with a condition of several comparisons", async () => {
    await send("t/wait-condition", { order: 5 });
    await read.waiting("wait-condition", "event");
    for (const grade of ["poor", "good"]) await send("t/graded", { order: 5, grade });
    expect(await read.ended("wait-condition")).toMatchObject({ output: "good" });
  });

  it("fail clearly when a wait's condition is not understood", async () => {
    await send("t/wait-refused");
    const run = await read.ended("wait-refused");
    expect(run.status).toBe("failed");
    expect(JSON.stringify(run.error)).toContain("is not supported");
  });

  it("invoke another function, and get its output or its error", async () => {
    await send("t/caller");
    expect(await read.ended("caller")).toMatchObject({ output: { good: { doubled: 42 }, bad: "too large" } });
    expect(count("child")).toBe(2);
  });

  it("send events, which start only the functions whose condition holds", async () => {
    await send("t/sender");
    expect(await read.ended("sender")).toMatchObject({ output: 2 });
    expect(await read.ended("receiver")).toMatchObject({ output: 2 });
    expect(count("receiver")).toBe(1);
  });

  it("fetch a large state themselves", async () => {
    await send("t/large");
    expect(await read.ended("large")).toMatchObject({ status: "completed", output: 3_000_000 });
  });
});

describe("errors", () => {
  it("are tried again with the attempt counted, until they pass", async () => {
    await send("t/flaky");
    expect(await read.ended("flaky")).toMatchObject({ status: "completed", output: 2 });
    expect(count("flaky")).toBe(3);
  });

  it("reach the function when the attempts are used up, and can be caught there", async () => {
    await send("t/catcher");
    expect(await read.ended("catcher")).toMatchObject({ status: "completed", output: "always" });
    expect([count("hopeless"), count("make-up")]).toEqual([2, 1]);
  });

  it("of the body fail the run after the retries", async () => {
    await send("t/body-fails");
    const run = await read.ended("body-fails");
    expect(run).toMatchObject({ status: "failed", error: { name: "TypeError", message: "in the body" } });
    expect(count("body-fails")).toBe(3);
  });

  it("that are not retriable end the run at once and call onFailure", async () => {
    await send("t/not-retriable", { n: 9 });
    expect(await read.ended("not-retriable")).toMatchObject({ status: "failed" });
    await read.ended("not-retriable-failure");
    expect(count("not-retriable")).toBe(1);
    expect(count("onFailure never again 9 steps-not-retriable")).toBe(1);
  });

  it("say when to try again, and that is honoured", async () => {
    await send("t/retry-after");
    const run = await read.ended("retry-after");
    expect(run).toMatchObject({ status: "completed", output: "done" });
    const tookMs = new Date(String(run.endedAt)).getTime() - new Date(String(run.startedAt)).getTime();
    expect(tookMs).toBeGreaterThanOrEqual(650);
  });
});
