/** The SMPP port under attack: mutated PDUs over many connections, and thousands of clients that never come to the point. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { clientModels, generator, mutated, whole } from "#scripts/hostile/mutate.ts";

export type ServerTarget = {
  port: number;
  account: { systemId: string; password: string };
  /** Fields of a submit that would be taken. */
  plain: object;
};
/** deaf: neither an answer nor the end of the connection, although the stream was in step. */
export type PduAttack = { pdus: number; connections: number; answers: number; deaf: number };
export type SlowAttack = { clients: number; ended: number };

const pdusEach = 40;
const atOnce = 10;
const lastSequence = 0x7fff_0001;
const deafAfterMs = 30_000;
const waitingMs = 300;
/** Of the loopback network: an address may have only so many connections that are not bound. */
const clientsOfAddress = 100;
const slowAtOnce = 2_500;
const drip = Buffer.from([0]);

/** Each connection ends, one way or another; three of four are bound before. */
export async function sendMutated(target: ServerTarget, count: number, seed = 42): Promise<PduAttack> {
  const random = generator(seed);
  const models = clientModels(target.plain);
  const seen: PduAttack = { pdus: 0, connections: 0, answers: 0, deaf: 0 };
  const lane = async () => {
    while (seen.pdus < count) {
      seen.pdus += pdusEach;
      seen.connections += 1;
      const isBound = random(4) !== 0;
      const bytes = Array.from({ length: pdusEach }, () => mutated(random, models));
      const { answers, isDeaf } = await attack(target, bytes, isBound);
      seen.answers += answers;
      if (isDeaf) seen.deaf += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return seen;
}

type Fate = { answers: number; isDeaf: boolean };

/** What was sent is followed by a question that everybody answers who still listens, or has hung up. */
async function attack({ port, account }: ServerTarget, pdus: readonly Buffer[], isBound: boolean): Promise<Fate> {
  const socket = await open(port);
  const closed = gone(socket);
  if (isBound) {
    const { systemId: system_id, password } = account;
    socket.write(whole("bind_transceiver", 1, { system_id, password, interface_version: 0x34 }));
    await Promise.race([once(socket, "data"), closed]);
  }
  let heard = Buffer.alloc(0);
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      if (sequencesOf(heard).includes(lastSequence)) resolve();
    });
  });
  socket.write(Buffer.concat([...pdus, whole("enquire_link", lastSequence)]));
  // A length that was changed may leave the server waiting for the rest of a PDU, as it should.
  const isInStep = pdus.every((pdu) => pdu.readUInt32BE(0) === pdu.length);
  const isHeard = await Promise.race([
    Promise.race([answered, closed]).then(() => true),
    pause(isInStep ? deafAfterMs : waitingMs).then(() => false),
  ]);
  socket.end();
  await closed;
  return { answers: sequencesOf(heard).length, isDeaf: isInStep && !isHeard };
}

function sequencesOf(heard: Buffer): number[] {
  const sequences: number[] = [];
  for (let at = 0; at + 16 <= heard.length; at += Math.max(16, heard.readUInt32BE(at))) {
    sequences.push(heard.readUInt32BE(at + 12));
  }
  return sequences;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Octet by octet, until the server has had enough of each. @param everyMs from one octet to the next */
export async function trickle(port: number, clients: number, everyMs = 1_000): Promise<SlowAttack> {
  let ended = 0;
  for (let from = 0; from < clients; from += slowAtOnce) {
    const count = Math.min(slowAtOnce, clients - from);
    const sockets = await Promise.all(Array.from({ length: count }, (_, n) => open(port, addressOf(n))));
    const closings = sockets.map((socket) => (socket.destroyed ? undefined : gone(socket)));
    for (const socket of sockets) socket.resume().write(drip);
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(drip);
    }, everyMs);
    await Promise.all(closings);
    clearInterval(dripping);
    ended += count;
  }
  return { clients, ended };
}

const addressOf = (n: number): string => `127.0.1.${1 + Math.floor(n / clientsOfAddress)}`;

async function open(port: number, localAddress?: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", ...(localAddress ? { localAddress } : {}) });
  socket.on("error", () => {});
  await Promise.race([once(socket, "connect"), once(socket, "close")]);
  return socket;
}

/** However it ends: a reset is an end, too. */
const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));
