/** The SMPP server as a process of its own: killed in the middle, taken over by another one, and measured at full speed. */
import { describe, expect, it } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { type Account, bind, endMessages, makeAccount, startServer } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { plainSubmit as plain, TestEsme } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { makeSendingTree } from "#tests/sending.ts";
import { startWorker } from "#tests/worker-process.ts";

const db = await testDatabase(12);

const serverProcess = (port: number) =>
  startWorker("workers/smpp-server/main.ts", 5, { DATABASE_URL: db.url, SMPP_PORT: `${port}` });

/** Submits until it is told to stop, always `windowSize` under way. @returns the ids that were answered */
function flood(esme: TestEsme, windowSize: number, total = Number.POSITIVE_INFINITY) {
  const ids: string[] = [];
  let started = 0;
  let isOver = false;
  const lane = async () => {
    while (!isOver && started < total) {
      started += 1;
      const answer = await esme.submit(plain());
      if (answer.kind !== "response") isOver = true;
      else if (answer.pdu.command_status === 0) ids.push(answer.pdu.message_id ?? "");
      else throw new Error(`refused with ${answer.pdu.command_status}`);
    }
  };
  return { ids, done: Promise.all(Array.from({ length: windowSize }, lane)) };
}

const stored = async (ids: readonly string[]): Promise<number> =>
  (await db.sql`select id from messages where id = any(${[...ids]}::uuid[])`).length;

describe("a kill in the middle", () => {
  it("of submits: everything that was acknowledged is stored and paid for", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const port = await freePort();
    for (const after of [150, 700]) {
      const server = await serverProcess(port);
      const esme = await bind(port, account);
      const { ids, done } = flood(esme, 50);
      await eventually(() => expect(ids.length).toBeGreaterThan(after), 5);
      await server.kill("SIGKILL");
      await done;
      expect(await stored(ids)).toBe(ids.length);
      expect(new Set(ids).size).toBe(ids.length);
    }
    await expectCleanLedger(db, tree);
  });

  it("of receipts: each is told, by the server that comes after, and those confirmed are not told again", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { receiptWindow: 20 });
    const [first, second] = [await freePort(), await freePort()];
    const killed = await serverProcess(first);
    const esme = await bind(first, account);
    const sent = flood(esme, 50, 600);
    await sent.done;
    await endMessages(db, sent.ids);
    await esme.receiptCount(120);
    await killed.kill("SIGKILL");
    await esme.closed;
    await serverProcess(second);
    const heard = esme.receipts.length;
    const next = await bind(second, account);
    await eventually(() => {
      const told = new Set([...esme.receipts, ...next.receipts].map((receipt) => receipt.carrierId));
      expect(told.size).toBe(600);
    });
    // Again may come what was confirmed in the last moments before the kill, at most a batch of confirmations and a window.
    expect(heard + next.receipts.length - 600).toBeLessThan(600 / 2 + 20);
    await eventually(async () =>
      expect(await db.sql`select id from outgoing_receipts where receiver_id = ${account.id}`).toHaveLength(0),
    );
    await expectCleanLedger(db, tree);
  });
});

describe("two servers", () => {
  it("never tell one receipt twice, and the second goes on when the first stops", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const [one, two] = [await startServer(db), await startServer(db)];
    const [left, right] = [await bind(one.port, account), await bind(two.port, account)];
    const before = flood(left, 50, 300);
    await before.done;
    await endMessages(db, before.ids);
    const told = () => [...left.receipts, ...right.receipts].map((receipt) => receipt.carrierId);
    await eventually(() => expect(told()).toHaveLength(300));
    expect(new Set(told()).size).toBe(300);
    await one.server.close();
    const after = flood(right, 50, 300);
    await after.done;
    await endMessages(db, after.ids);
    await eventually(() => expect(told()).toHaveLength(600));
    expect(new Set(told()).size).toBe(600);
  });

  it("count an account's binds together", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { maxBinds: 3 });
    const ports = [(await startServer(db)).port, (await startServer(db)).port];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => TestEsme.open({ port: ports[n % 2] ?? 0, ...account })),
    );
    const statuses = answers.map(({ bound }) => bound.kind === "response" && bound.pdu.command_status === 0);
    expect(statuses.filter(Boolean)).toHaveLength(3);
    for (const { session } of answers) session.close("done");
  });
});

async function measure(accounts: Account[], port: number, binds: number, windowSize: number, total: number) {
  const esmes = await Promise.all(
    Array.from({ length: binds }, (_, n) => bind(port, accounts[n % accounts.length] as Account, { windowSize })),
  );
  const fromMs = performance.now();
  const floods = esmes.map((esme) => flood(esme, windowSize, total / binds));
  await Promise.all(floods.map(({ done }) => done));
  const seconds = (performance.now() - fromMs) / 1_000;
  return { ids: floods.flatMap(({ ids }) => ids), seconds, esmes };
}

describe("speed", () => {
  it("takes 5,000 submits of one bind, and of ten, and tells the receipts, each once", async () => {
    const tree = await makeSendingTree(db);
    const accounts = [await makeAccount(db, tree.subaccount.id)];
    const port = await freePort();
    const server = await serverProcess(port);
    for (const [binds, windowSize] of [
      [1, 100],
      [10, 50],
    ] as const) {
      const before = server.usage();
      const { ids, seconds, esmes } = await measure(accounts, port, binds, windowSize, 5_000);
      const submitted = server.usage();
      expect(ids).toHaveLength(5_000);
      await endMessages(db, ids);
      const fromMs = performance.now();
      const heard = () => esmes.reduce((sum, esme) => sum + esme.receipts.length, 0);
      await eventually(() => expect(heard()).toBe(5_000), 10);
      const tellSeconds = (performance.now() - fromMs) / 1_000;
      const after = server.usage();
      console.info(
        `${binds} × window ${windowSize}: ${Math.round(5_000 / seconds)} submits/s at ` +
          `${((submitted.cpuSeconds - before.cpuSeconds) / 5).toFixed(2)} s CPU per 1,000; ${Math.round(5_000 / tellSeconds)} ` +
          `receipts/s at ${((after.cpuSeconds - submitted.cpuSeconds) / 5).toFixed(2)}; ${after.memoryMiB} MiB`,
      );
      const told = new Set(esmes.flatMap((esme) => esme.receipts.map((receipt) => receipt.carrierId)));
      expect(told).toEqual(new Set(ids));
      await Promise.all(esmes.map((esme) => esme.session.unbind("done")));
    }
    await server.kill("SIGTERM");
    // Of these accounts: what servers killed by the tests above still hold is for a living one to free.
    const held = async (table: "smpp_binds" | "smpp_receivers") =>
      db.sql`select owner from ${db.sql(table)} where account_id = any (${accounts.map(({ id }) => id)}::uuid[])`;
    expect(await held("smpp_binds")).toEqual([]);
    expect(await held("smpp_receivers")).toEqual([]);
    await expectCleanLedger(db, tree);
  });
});
