/** Sessions over real TCP: binding, the window, lost answers, dead peers, and 20,000 mutated PDUs without a deaf one. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "#tests/eventually.ts";
import { decode, encode } from "#workers/smpp/codec.ts";
import { Framer } from "#workers/smpp/framer.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { type Answer, Session, type SessionOptions } from "#workers/smpp/session.ts";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const thing of opened.splice(0)) thing.close();
});

async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const near = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [[far]] = (await Promise.all([once(server, "connection"), once(near, "connect")])) as [[Socket], unknown];
  far.on("error", () => {});
  opened.push({ close: () => near.destroy() }, { close: () => far.destroy() });
  return { near, far };
}

type Watched = { session: Session; requests: Pdu[]; closed: Promise<string> };

function start(
  socket: Socket,
  role: "esme" | "smsc",
  options: Partial<SessionOptions> = {},
  onRequest?: (pdu: Pdu, session: Session) => void,
): Watched {
  const requests: Pdu[] = [];
  let resolve: (reason: string) => void = () => {};
  const closed = new Promise<string>((done) => {
    resolve = done;
  });
  const session: Session = new Session({
    socket,
    role,
    windowSize: 10,
    responseTimeoutMs: 60_000,
    enquireLinkMs: 60_000,
    bindTimeoutMs: 60_000,
    handlers: {
      onRequest: (pdu) => {
        requests.push(pdu);
        onRequest?.(pdu, session);
      },
      onClose: resolve,
    },
    ...options,
  });
  opened.push({ close: () => session.close("test ends") });
  return { session, requests, closed };
}

const bind = (session: Session) =>
  new Promise<Answer>((resolve) =>
    session.bind("bind_transceiver", { system_id: "a", password: "b", interface_version: 0x34 }, resolve),
  );
const submit = (session: Session, text = "hi") =>
  new Promise<Answer>((resolve) =>
    session.request("submit_sm", { destination_addr: "84901234567", short_message: Buffer.from(text) }, resolve),
  );

function octets(command: string, sequence: number): Buffer {
  const bytes = encode(command, 0, sequence, command === "submit_sm" ? { destination_addr: "84901234567" } : {});
  if (!bytes.ok) throw new Error(bytes.reason);
  return bytes.value;
}

async function boundPair(esme: Partial<SessionOptions> = {}, onSubmit?: (pdu: Pdu, session: Session) => void) {
  const { near, far } = await pair();
  const server = start(far, "smsc", {}, (pdu, session) => {
    if (pdu.command.startsWith("bind_")) session.respond(pdu, 0, { system_id: "smsc" });
    else if (onSubmit) onSubmit(pdu, session);
    else session.respond(pdu, 0, { message_id: pdu.short_message?.toString() ?? "" });
  });
  const client = start(near, "esme", esme);
  await bind(client.session);
  return { server, client, near, far };
}

describe("session", () => {
  it("binds, correlates answers in any order, unbinds", async () => {
    const held: Pdu[] = [];
    const { client, server } = await boundPair({}, (pdu, session) => {
      held.push(pdu);
      if (held.length === 3)
        for (const p of held.reverse()) session.respond(p, 0, { message_id: p.short_message?.toString() ?? "" });
    });
    const answers = await Promise.all(["a", "b", "c"].map((text) => submit(client.session, text)));
    expect(answers.map((a) => a.kind === "response" && a.pdu.message_id)).toEqual(["a", "b", "c"]);
    await client.session.unbind("done");
    expect(await server.closed).toBe("the peer unbound");
  });

  it.each(["unbind", "the end of its side"])(
    "answers what was asked before the peer says goodbye by %s",
    async (by) => {
      const held: Pdu[] = [];
      const { server, near } = await boundPair({}, (pdu) => held.push(pdu));
      const framer = new Framer();
      const got: string[] = [];
      near.removeAllListeners("data");
      near.on("data", (chunk) => {
        for (const bytes of framer.push(chunk).pdus) {
          const pdu = decode(bytes);
          if (pdu.ok) got.push(`${pdu.value.command} ${pdu.value.sequence_number}`);
        }
      });
      const ended = once(near, "end");
      near.write(Buffer.concat([octets("submit_sm", 11), octets("submit_sm", 12)]));
      if (by === "unbind") near.write(Buffer.concat([octets("unbind", 13), octets("submit_sm", 14)]));
      else near.end();
      await eventually(() => expect([held.length, server.session.state]).toEqual([2, "unbound"]));
      for (const pdu of held.reverse()) server.session.respond(pdu, 0, { message_id: "1" });
      await ended;
      const answers = ["submit_sm_resp 12", "submit_sm_resp 11"];
      expect(got).toEqual(by === "unbind" ? ["submit_sm_resp 14", ...answers, "unbind_resp 13"] : answers);
      expect(held.map((pdu) => pdu.sequence_number)).toEqual([12, 11]);
      expect(await server.closed).toBe(by === "unbind" ? "the peer unbound" : "the peer closed the connection");
    },
  );

  it("waits for answers to a peer that leaves no longer than answers may take", async () => {
    const { near, far } = await pair();
    const server = start(far, "smsc", { responseTimeoutMs: 40 }, (pdu, session) => {
      if (pdu.command.startsWith("bind_")) session.respond(pdu, 0, { system_id: "smsc" });
    });
    const client = start(near, "esme");
    await bind(client.session);
    near.write(Buffer.concat([octets("submit_sm", 11), octets("unbind", 12)]));
    expect(await server.closed).toBe("the peer unbound");
  });

  it("refuses what its state does not allow", async () => {
    const { near, far } = await pair();
    start(far, "smsc");
    const client = start(near, "esme");
    expect(await submit(client.session)).toEqual({ kind: "unsent", why: "not bound" });
    const raw = encode("submit_sm", 0, 5, { destination_addr: "1" });
    if (raw.ok) near.write(raw.value);
    near.once("data", (bytes) => expect(bytes.readUInt32BE(8)).toBe(4));
    await once(near, "data");
  });

  it("closes a connection on which nobody binds", async () => {
    const { far } = await pair();
    const server = start(far, "smsc", { bindTimeoutMs: 30 });
    expect(await server.closed).toBe("no bind in time");
  });

  it("holds the window, and says what was lost and what never left when the socket dies", async () => {
    const { client, far } = await boundPair({ windowSize: 3 }, () => {});
    const sent = [submit(client.session), submit(client.session), submit(client.session)];
    expect(await submit(client.session)).toEqual({ kind: "unsent", why: "the window is full" });
    expect(client.session.freeSlots).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    far.destroy();
    expect(await Promise.all(sent)).toEqual(Array(3).fill({ kind: "lost", why: "closed" }));
    expect(await submit(client.session)).toMatchObject({ kind: "unsent" });
  });

  it("knows that a request of this very tick has not left yet", async () => {
    const { client, server } = await boundPair();
    const answer = submit(client.session);
    client.session.close("stop");
    expect(await answer).toEqual({ kind: "unsent", why: "stop" });
    await server.closed;
    expect(server.requests.filter((r) => r.command === "submit_sm")).toEqual([]);
  });

  it("frees a slot at the deadline, and still tells a late answer", async () => {
    const held: { pdu: Pdu; session: Session }[] = [];
    const { client } = await boundPair({ responseTimeoutMs: 500 }, (pdu, session) => held.push({ pdu, session }));
    const answers: Answer[] = [];
    const both = new Promise<void>((resolve) =>
      client.session.request("submit_sm", { destination_addr: "1", short_message: Buffer.from("x") }, (answer) => {
        answers.push(answer);
        const [first] = held;
        if (answers.length === 1) first?.session.respond(first.pdu, 0, { message_id: "late" });
        else resolve();
      }),
    );
    await both;
    expect(answers).toMatchObject([
      { kind: "lost", why: "timeout" },
      { kind: "response", isLate: true, pdu: { message_id: "late" } },
    ]);
    expect(client.session.freeSlots).toBe(10);
  });

  it("finds a peer that is connected but dead within two intervals", async () => {
    const { near, far } = await pair();
    const deaf = new Framer();
    far.on("data", (chunk) => {
      for (const bytes of deaf.push(chunk).pdus) {
        const pdu = decode(bytes);
        if (!pdu.ok || pdu.value.command !== "bind_transceiver") continue;
        const answer = encode("bind_transceiver_resp", 0, pdu.value.sequence_number, { system_id: "x" });
        if (answer.ok) far.write(answer.value);
      }
    });
    const client = start(near, "esme", { enquireLinkMs: 500, responseTimeoutMs: 500 });
    await bind(client.session);
    expect(await client.closed).toBe("the peer does not answer enquire_link");
  });

  it("goes on after a malformed PDU, closes with a nack after a broken length", async () => {
    const { client, server, far } = await boundPair();
    far.write(Buffer.from("00000014000000050000000000000001ffffffff", "hex"));
    far.write(Buffer.from("00000010000099990000000000000002", "hex"));
    far.write(Buffer.from("00000010800000040000000000000bad", "hex"));
    expect(await submit(client.session, "still here")).toMatchObject({ kind: "response" });
    expect(client.session.malformedCount).toBe(2);
    far.write(Buffer.from("00000003", "hex"));
    expect(await client.closed).toContain("malformed stream");
    await server.closed;
  });

  it("wraps its sequence numbers at 0x7FFFFFFF", async () => {
    const { client, server } = await boundPair();
    Object.assign(client.session, { sequence: 0x7fff_fffe });
    await Promise.all([submit(client.session), submit(client.session), submit(client.session)]);
    const seen = server.requests.filter((r) => r.command === "submit_sm").map((r) => r.sequence_number);
    expect(seen).toEqual([0x7fff_ffff, 1, 2]);
  });

  it("is not deaf after any of 20,000 mutated PDUs: it answers an enquire_link, or it closed", async () => {
    const seeds = [
      encode("submit_sm", 0, 9, {
        destination_addr: "84901234567",
        short_message: Buffer.from("hello"),
        user_message_reference: 5,
      }),
      encode("submit_sm_resp", 0, 9, { message_id: "1" }),
      encode("data_sm", 0, 9, {}),
      encode("enquire_link", 0, 9),
      encode("bind_transceiver", 0, 9, { system_id: "a" }),
    ].flatMap((e) => (e.ok ? [e.value] : []));
    let next = 42;
    const random = (below: number) => {
      next = (next * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return next % below;
    };
    const mutate = (keepsFrame: boolean) => {
      const bytes = Buffer.from(seeds[random(seeds.length)] ?? Buffer.alloc(16));
      for (let flips = 1 + random(4); flips > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
      if (keepsFrame) bytes.writeUInt32BE(bytes.length, 0);
      return bytes;
    };
    const outcome = { alive: 0, closed: 0 };
    const perSession = 40;
    for (let round = 0; round < 500; round += 1) {
      const { near, far } = await pair();
      const server = start(far, "smsc", {}, (pdu, session) => session.respond(pdu, 0));
      const framesHold = round % 2 === 0;
      const alive = enquire(near);
      const bindBytes = encode("bind_transceiver", 0, 1, { system_id: "a" });
      if (bindBytes.ok) near.write(bindBytes.value);
      near.write(Buffer.concat(Array.from({ length: perSession }, () => mutate(framesHold || random(60) > 0))));
      const probe = encode("enquire_link", 0, 0x00ab_cdef);
      if (probe.ok) near.write(probe.value);
      // A length that promises more than was sent is no fault yet: the rest may come. The end of the stream decides.
      near.end();
      const ended = once(near, "end").then(() => "closed" as const);
      outcome[await Promise.race([alive, ended])] += 1;
      await server.closed;
      near.destroy();
    }
    expect(outcome.alive + outcome.closed).toBe(500);
    expect(outcome.alive).toBeGreaterThan(50);
  });
});

function enquire(socket: Socket): Promise<"alive"> {
  const framer = new Framer();
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      for (const bytes of framer.push(chunk).pdus) {
        if (bytes.readUInt32BE(4) === 0x8000_0015 && bytes.readUInt32BE(12) === 0x00ab_cdef) resolve("alive");
      }
    });
  });
}
