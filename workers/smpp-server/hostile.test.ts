/** Bytes that no client should send, and clients that were not made here: nothing crashes, nobody else notices. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import v8 from "node:v8";
import vm from "node:vm";
import smpp from "smpp";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { sendMutated } from "#scripts/hostile/at-server.ts";
import { whole } from "#scripts/hostile/mutate.ts";
import { bind, endMessages, idOf, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { plainSubmit as plain } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { killablePostgres } from "#tests/killable-postgres.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";

const db = await testDatabase(12);

async function setUp(options: Parameters<typeof startServer>[1] = {}) {
  const tree = await makeSendingTree(db);
  const account = await makeAccount(db, tree.subaccount.id, { windowSize: 500, maxBinds: 100 });
  return { tree, account, ...(await startServer(db, options)) };
}

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc") as () => void;

/** When the engine collects is its own affair; what is still there after it did is growth. */
function retainedMiB(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

async function open(port: number): Promise<Socket> {
  const socket = connectTcp(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** However it ends: a reset is an end, too. */
const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

describe("hostile bytes", () => {
  it("10,000 mutated PDUs: an answer or a closed connection each time, and a neighbour hears its answers", async () => {
    const { port, account } = await setUp({ maxUnboundPerAddress: 1_000 });
    const neighbour = await bind(port, account);
    const target = { port, account, plain: plain() };
    await sendMutated(target, 1_000, 7);
    const before = retainedMiB();
    for (let round = 1; round <= 10; round += 1) {
      const { answers, deaf } = await sendMutated(target, 1_000, round);
      expect(answers).toBeGreaterThan(100);
      expect(deaf).toBe(0);
      expect(statusOf(await neighbour.submit(plain()))).toBe(0);
    }
    // The suite's own side of it counts, too.
    expect(retainedMiB() - before).toBeLessThan(50);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
    ["a length of zero", Buffer.alloc(16)],
    ["a PDU of 2 GiB", Buffer.from("7fffffff000000040000000000000001", "hex")],
    ["half a header", Buffer.from("000000", "hex")],
  ])("closes a connection that sends %s", async (_, bytes) => {
    const { port } = await setUp({ timers: { bindTimeoutMs: 300 } });
    const socket = await open(port);
    socket.resume();
    socket.write(bytes);
    await gone(socket);
  });

  it("refuses what comes before the bind, a second bind, and commands that it does not know", async () => {
    const { port, account } = await setUp();
    const socket = await open(port);
    socket.write(whole("submit_sm", 9, plain()));
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.readUInt32BE(8)).toBe(commandStatus.wrongBindStatus);
    socket.destroy();
    const esme = await bind(port, account);
    const again = await esme.request("bind_transmitter", { system_id: account.systemId, password: account.password });
    expect(statusOf(again)).toBe(commandStatus.alreadyBound);
    expect(statusOf(await esme.request("query_broadcast_sm", {}))).toBe(commandStatus.invalidCommandId);
  });

  it("keeps serving while 1,000 slow clients trickle, and lets an address have so many unbound at most", async () => {
    const { port, account } = await setUp({ timers: { bindTimeoutMs: 5_000 }, maxUnboundPerAddress: 900 });
    const neighbour = await bind(port, account);
    const slow = await Promise.all(Array.from({ length: 1_000 }, () => open(port)));
    const closings = slow.map((socket) => (socket.destroyed ? null : gone(socket)));
    for (const socket of slow) socket.resume().write(Buffer.from([0]));
    for (let n = 0; n < 20; n += 1) expect(statusOf(await neighbour.submit(plain()))).toBe(0);
    await Promise.all(closings);
    await bind(port, account);
  });

  it("reads no further from a client that has its window full, and answers everything in the end", async () => {
    const { tree, port } = await setUp();
    const narrow = await makeAccount(db, tree.subaccount.id, { windowSize: 5 });
    const esme = await bind(port, narrow, { windowSize: 2_000 });
    const answers = await Promise.all(Array.from({ length: 300 }, () => esme.submit(plain())));
    expect(answers.every((answer) => statusOf(answer) === 0)).toBe(true);
  });

  it("closes a client that is silent, and one that only says that it is there, where the account says so", async () => {
    const { tree, port } = await setUp({ timers: { enquireLinkMs: 100, responseTimeoutMs: 100 } });
    const account = await makeAccount(db, tree.subaccount.id, { inactivitySeconds: 1 });
    const esme = await bind(port, account);
    expect(await esme.closed).toBeTruthy();
    const { systemId: system_id, password } = account;
    const mute = await open(port);
    mute.resume().write(whole("bind_receiver", 1, { system_id, password, interface_version: 0x34 }));
    await gone(mute);
  });
});

describe("TLS", () => {
  it("carries binds and submits, and a client that speaks none of it is closed", async () => {
    const { server, account } = await setUp();
    const [cert, key] = [readFileSync("tests/fixtures/tls-cert.pem"), readFileSync("tests/fixtures/tls-key.pem")];
    const port = await server.listen(0, "127.0.0.1", { cert, key });
    const esme = await bind(port, account, { tls: { ca: cert } });
    expect(statusOf(await esme.submit(plain()))).toBe(0);
    expect(await db.sql`select tls from smpp_binds where account_id = ${account.id}`).toEqual([{ tls: true }]);
    const plainText = await open(port);
    plainText.resume().write(whole("bind_receiver", 1, { system_id: "x", password: "x" }));
    await gone(plainText);
    expect(statusOf(await esme.submit(plain()))).toBe(0);
  });
});

describe("a client that was not made here", () => {
  it("binds, sends long and Unicode texts, and hears of them", async () => {
    const { port, account } = await setUp();
    const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` });
    await once(session, "connect");
    const heard: string[] = [];
    session.on("deliver_sm", (pdu) => {
      heard.push(String(pdu.receipted_message_id));
      session.send(pdu.response());
    });
    // Without a listener the package ends the process.
    session.on("error", () => {});
    const call = (command: "bind_transceiver" | "submit_sm" | "unbind", fields: object = {}) =>
      new Promise<{ command_status: number; message_id?: string }>((resolve) => session[command](fields, resolve));
    const { systemId: system_id, password } = account;
    expect(await call("bind_transceiver", { system_id, password })).toMatchObject({ command_status: 0 });
    const send = (fields: object) =>
      call("submit_sm", { source_addr: "ACME", destination_addr: nextNumber(), registered_delivery: 1, ...fields });
    const ids: string[] = [];
    for (const short_message of ["Hello [you] €", "Xin chào 🌳 đường phố"]) {
      ids.push((await send({ short_message })).message_id ?? "");
    }
    ids.push((await send({ message_payload: "long ".repeat(60) })).message_id ?? "");
    const texts = await db.sql`select text from messages where id = any(${ids}::uuid[]) order by id`;
    expect(texts.map((row) => row.text)).toEqual(["Hello [you] €", "Xin chào 🌳 đường phố", "long ".repeat(60)]);
    await endMessages(db, ids);
    await eventually(() => expect(heard).toEqual(ids));
    expect(await call("unbind")).toMatchObject({ command_status: 0 });
    session.close();
  });
});

describe("the database away", () => {
  it("is said quickly, and nothing that was acknowledged is missing when it is back", async () => {
    const postgres = await killablePostgres();
    await migrate(postgres.url);
    const db = connect({ url: postgres.url, poolSize: 6, name: "smpp-server" });
    onTestFinished(() => db.close());
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const ids = [idOf(await esme.submit(plain()))];
    const submits = Array.from({ length: 200 }, () => esme.submit(plain()));
    await postgres.kill();
    submits.push(...Array.from({ length: 50 }, () => esme.submit(plain())));
    for (const answer of await Promise.all(submits)) {
      const status = statusOf(answer);
      expect([0, commandStatus.systemError]).toContain(status);
      if (status === 0) ids.push(idOf(answer));
    }
    await postgres.start();
    await eventually(async () => ids.push(idOf(await esme.submit(plain()))), 200);
    const rows = await db.sql`select id from messages where id = any(${ids}::uuid[])`;
    expect(rows).toHaveLength(ids.length);
    await endMessages(db, ids.slice(-1));
    await esme.receiptCount(1);
    await expectCleanLedger(db, tree);
  });
});
