/** Lines that look alive: a carrier that accepts and says nothing, one that stops reading, one that hangs up on everybody. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { testDatabase } from "#tests/database.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { decode, encode } from "#workers/smpp/codec.ts";
import { Framer } from "#workers/smpp/framer.ts";
import { RetryGate } from "#workers/smpp-client/bind.ts";

const db = await testDatabase(10);

async function listen(onSocket: (socket: Socket) => void): Promise<{ port: number; connectedAtMs: number[] }> {
  const sockets = new Set<Socket>();
  const connectedAtMs: number[] = [];
  const server = createServer((socket) => {
    connectedAtMs.push(performance.now());
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connectedAtMs };
}

/** Answers the bind, and then reads nothing any more: TCP stays up, and its buffers fill. */
function bindThenStall(socket: Socket): void {
  const framer = new Framer();
  socket.on("data", (chunk) => {
    for (const bytes of framer.push(chunk).pdus) {
      const pdu = decode(bytes);
      if (!pdu.ok || pdu.value.command !== "bind_transceiver") continue;
      const answer = encode("bind_transceiver_resp", 0, pdu.value.sequence_number, { system_id: "stalls" });
      if (answer.ok) socket.write(answer.value);
      socket.pause();
    }
  });
}

const lastError = async (connectorId: string) =>
  (await db.sql`select last_error from connector_binds where connector_id = ${connectorId}`)[0]?.last_error;

describe("a carrier", () => {
  it("that accepts the connection and never answers is left at the deadline, and tried again", async () => {
    const { port, connectedAtMs } = await listen(() => {});
    const tree = await makeDeliveringTree(db, port, { responseTimeoutMs: 500 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, [{ to: plainNumber() }]);
    await eventually(() => expect(connectedAtMs.length).toBeGreaterThan(2));
    expect(await lastError(tree.connector.id)).toBe("the carrier refused the bind: timeout");
    expect(await statusesOf(db, ids)).toEqual({ queued: 1 });
  });

  it("that stops reading is found by its silence, without traffic and with it; what was on the wire is unknown", async () => {
    const { port, connectedAtMs } = await listen(bindThenStall);
    const quick = { enquireLinkMs: 1_000, responseTimeoutMs: 500, windowSize: 5 };
    const tree = await makeDeliveringTree(db, port, quick);
    await startFleet(db);
    await eventually(async () =>
      expect(await lastError(tree.connector.id)).toBe("the peer does not answer enquire_link"),
    );
    const ids = await sendFrom(
      db,
      tree,
      Array.from({ length: 5 }, () => ({ to: plainNumber() })),
    );
    await eventually(async () => expect((await statusesOf(db, ids)).unknown).toBeGreaterThan(0));
    const before = connectedAtMs.length;
    await eventually(() => expect(connectedAtMs.length).toBeGreaterThan(before));
    await expectCleanLedger(db, tree);
  });

  it("that hangs up on everybody is not stormed by many binds: one attempt a second over all of them", async () => {
    const { port, connectedAtMs } = await listen((socket) => socket.destroy());
    const bindCount = 16;
    await makeDeliveringTree(db, port, { bindCount });
    await startFleet(db);
    await eventually(() => expect(connectedAtMs.length).toBeGreaterThan(bindCount + 7));
    const retries = connectedAtMs.slice(bindCount);
    const spanMs = (retries.at(-1) ?? 0) - (retries[0] ?? 0);
    // Each for itself they would all be back within two seconds.
    expect(spanMs).toBeGreaterThan((retries.length - 1) * 500);
  });

  it("gets its binds back at times of chance, never two within a second", () => {
    const gate = new RetryGate();
    const times = Array.from({ length: 100 }, () => gate.reserve(Math.random() * 30_000, 0)).sort((a, b) => a - b);
    for (const [index, atMs] of times.entries()) {
      if (index > 0) expect(atMs - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    // A long wait of one holds up no other.
    const other = new RetryGate();
    expect([other.reserve(30_000, 0), other.reserve(500, 0), other.reserve(700, 0)]).toEqual([30_000, 500, 1_500]);
  });
});
