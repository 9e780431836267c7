/** One SMPP session over one socket: states, sequence numbers, window, timeouts, keep-alive. It always ends in onClose. */
import type { Socket } from "node:net";
import { decode, encode } from "#workers/smpp/codec.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { Framer } from "#workers/smpp/framer.ts";
import { Goodbye } from "#workers/smpp/goodbye.ts";
import { KeepAlive } from "#workers/smpp/keep-alive.ts";
import { isKnownCommand } from "#workers/smpp/package-codec.ts";
import { type Bytes, isResponseId, type Pdu, type PduFields, readHeader } from "#workers/smpp/pdu.ts";
import {
  type BindCommand,
  type Role,
  refusalOf,
  type SessionState,
  stateAfterBind,
} from "#workers/smpp/session-state.ts";
import { SocketWriter } from "#workers/smpp/socket-writer.ts";
import { Window } from "#workers/smpp/window.ts";

/**
 * response: the peer answered (isLate: after the deadline, when `lost` was already reported).
 * lost: it was on the wire and nobody knows what became of it. unsent: it certainly never left this process.
 */
export type Answer =
  | { kind: "response"; pdu: Pdu; isLate: boolean }
  | { kind: "lost"; why: "timeout" | "closed" | "malformed" }
  | { kind: "unsent"; why: string };
/** @param sent the request's own octets; undefined when it never became any */
export type OnAnswer = (answer: Answer, sent?: Bytes) => void;
type Request = { onAnswer: OnAnswer; sent: Bytes };
/** What is needed of a request of the peer to answer it: less to keep than all of it. */
export type Answerable = Pick<Pdu, "command" | "sequence_number" | "command_length">;

export type SessionHandlers = {
  /** A request that its state allows; answer it with respond(). enquire_link and unbind never come here. */
  onRequest(pdu: Pdu): void;
  /** Once, whatever happened. Every unanswered request has had its `lost` or `unsent` before. */
  onClose(reason: string): void;
};

export type SessionOptions = {
  socket: Socket;
  role: Role;
  windowSize: number;
  responseTimeoutMs: number;
  enquireLinkMs: number;
  /** From the connection to the bind. */
  bindTimeoutMs: number;
  /** Requests of the peer under way before reading stops. */
  maxUnanswered?: number;
  handlers: SessionHandlers;
};

const maxSequence = 0x7fff_ffff;
/** A peer that sends this many malformed PDUs does not speak the protocol. */
const maxMalformed = 20;
const controlSlots = 16;
/** Requests under way may hold this much memory, whatever the window: one may have 64 KiB of TLVs that nobody reads. */
const maxUnansweredBytes = 4 * 1_048_576;

/** Of the commonest requests, so that no name is put together for each. */
const answerNames: Record<string, string> = {
  submit_sm: "submit_sm_resp",
  deliver_sm: "deliver_sm_resp",
  enquire_link: "enquire_link_resp",
};

export class Session {
  state: SessionState = "open";
  malformedCount = 0;
  private readonly framer = new Framer();
  private readonly writer: SocketWriter;
  private readonly window: Window<Request>;
  private readonly control: Window<Request>;
  private readonly timers: NodeJS.Timeout[] = [];
  private maxUnanswered: number;
  private sequence = 0;
  private unanswered = 0;
  private unansweredBytes = 0;
  private readonly keepAlive: KeepAlive;
  private leaving: Goodbye | null = null;

  constructor(private readonly options: SessionOptions) {
    const { socket } = options;
    this.writer = new SocketWriter(socket);
    this.window = new Window(options.windowSize, options.responseTimeoutMs);
    this.control = new Window(controlSlots, options.responseTimeoutMs);
    this.keepAlive = new KeepAlive({
      ...options,
      ask: () => this.send(this.control, "enquire_link", {}, () => {}),
      onDead: () => this.close("the peer does not answer enquire_link"),
    });
    this.maxUnanswered = options.maxUnanswered ?? 2_000;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.read(chunk));
    socket.on("error", (error) => this.close(error.message));
    socket.on("end", () => this.peerEnded());
    socket.on("close", () => this.close("the connection is closed"));
    this.every(Math.max(5, Math.min(250, options.responseTimeoutMs / 10)), () => this.expire());
    this.every(Math.max(5, Math.min(1_000, options.enquireLinkMs / 4)), () => {
      if (!this.hasRoom) this.keepAlive.excuse();
      this.keepAlive.look(this.isBound);
    });
    this.timers.push(
      setTimeout(() => {
        if (this.state === "open") this.close("no bind in time");
      }, options.bindTimeoutMs),
    );
  }

  get isBound(): boolean {
    return this.state === "bound_trx" || this.state === "bound_tx" || this.state === "bound_rx";
  }
  get freeSlots(): number {
    return this.isBound ? this.window.free : 0;
  }
  get usedSlots(): number {
    return this.window.used;
  }

  /** Requests of the peer that wait for an answer of ours. */
  get unansweredCount(): number {
    return this.unanswered;
  }

  private get hasRoom(): boolean {
    return this.unanswered < this.maxUnanswered && this.unansweredBytes < maxUnansweredBytes;
  }

  /** From now on, so many requests of the peer may be under way before its socket is read no further. */
  limitUnanswered(count: number): void {
    this.maxUnanswered = count;
    this.writer.setReading(this.hasRoom);
  }

  /** From now on, so many requests of ours may be under way. */
  limitWindow(size: number): void {
    this.window.size = size;
  }

  /** Sends a request that takes a slot of the window. Its onAnswer is called at least once. */
  request(command: string, fields: PduFields, onAnswer: OnAnswer): void {
    if (!this.isBound) onAnswer({ kind: "unsent", why: "not bound" });
    else if (this.window.free === 0) onAnswer({ kind: "unsent", why: "the window is full" });
    else this.send(this.window, command, fields, onAnswer);
  }

  /** As an ESME: asks to be bound. */
  bind(command: BindCommand, fields: PduFields, onAnswer: OnAnswer): void {
    this.send(this.control, command, fields, (answer) => {
      if (answer.kind === "response" && answer.pdu.command_status === commandStatus.ok && this.state === "open") {
        this.state = stateAfterBind[command] ?? "open";
      }
      onAnswer(answer);
    });
  }

  /** Answers a request of the peer. A bind answered with status 0 binds the session. @returns what went out */
  respond(request: Answerable, status: number, fields: PduFields = {}): Bytes | null {
    if (this.state === "closed") return null;
    const bound = stateAfterBind[request.command];
    if (bound && status === commandStatus.ok && this.state === "open") this.state = bound;
    const answer = answerNames[request.command] ?? `${request.command}_resp`;
    const bytes = encode(answer, status, request.sequence_number, fields);
    if (bytes.ok) this.writer.write(bytes.value);
    if (this.unanswered > 0) this.unanswered -= 1;
    this.unansweredBytes = this.unanswered > 0 ? this.unansweredBytes - (request.command_length ?? 0) : 0;
    this.writer.setReading(this.hasRoom);
    this.leaving?.answered(this.unanswered);
    return bytes.ok ? bytes.value : null;
  }

  /** Says goodbye, waits for the answer, closes. */
  unbind(reason: string): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isBound) {
        this.close(reason);
        resolve();
        return;
      }
      this.state = "unbound";
      this.send(this.control, "unbind", {}, () => {
        this.close(reason);
        resolve();
      });
    });
  }

  /** @param lingerMs the peer may close first for so long; what it sends meanwhile is not read */
  close(reason: string, lingerMs = 0): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.leaving?.cancel();
    for (const timer of this.timers) clearTimeout(timer);
    for (const slots of [this.window, this.control]) {
      for (const { sequence, context } of slots.drain()) {
        const wasSent = this.writer.wasHandedOver(sequence);
        context.onAnswer(wasSent ? { kind: "lost", why: "closed" } : { kind: "unsent", why: reason }, context.sent);
      }
    }
    this.writer.end(lingerMs);
    this.options.handlers.onClose(reason);
  }

  private send(slots: Window<Request>, command: string, fields: PduFields, onAnswer: OnAnswer): void {
    const sequence = this.nextSequence();
    const bytes = encode(command, 0, sequence, fields);
    if (!bytes.ok || this.state === "closed") {
      onAnswer({ kind: "unsent", why: bytes.ok ? "closed" : bytes.reason });
      return;
    }
    const { value: sent } = bytes;
    slots.take(sequence, { onAnswer, sent }, Date.now());
    this.writer.write(sent, sequence);
  }

  private nextSequence(): number {
    do this.sequence = this.sequence >= maxSequence ? 1 : this.sequence + 1;
    while (this.window.has(this.sequence) || this.control.has(this.sequence));
    return this.sequence;
  }

  private read(chunk: Buffer): void {
    this.keepAlive.heard();
    const { pdus, broken } = this.framer.push(chunk);
    for (const bytes of pdus) {
      if (this.state === "closed") return;
      this.accept(bytes);
    }
    if (!broken || this.state === "closed") return;
    this.nack(commandStatus.invalidCommandLength, 0);
    this.close(`malformed stream: ${broken}`);
  }

  private accept(bytes: Buffer): void {
    const decoded = decode(bytes);
    if (!decoded.ok) {
      this.refuse(bytes, decoded.reason);
      return;
    }
    const pdu = decoded.value;
    pdu.octets = bytes;
    pdu.read_at_ms = this.keepAlive.heardAtMs;
    if (isResponseId(bytes.readUInt32BE(4))) this.settle(pdu.sequence_number, { kind: "response", pdu, isLate: false });
    else this.serve(pdu);
  }

  /** The frame is whole, so the stream is still in step: answer, count, go on. */
  private refuse(bytes: Buffer, reason: string): void {
    const header = readHeader(bytes);
    this.malformedCount += 1;
    if (isResponseId(header.commandId)) this.settle(header.sequence, { kind: "lost", why: "malformed" });
    else {
      const known = isKnownCommand(header.commandId);
      this.nack(known ? commandStatus.invalidCommandLength : commandStatus.invalidCommandId, header.sequence);
    }
    if (this.malformedCount >= maxMalformed) this.close(`too many malformed PDUs, the last: ${reason}`);
  }

  private settle(sequence: number, answer: Answer): void {
    const waiting = this.window.answer(sequence) ?? this.control.answer(sequence);
    if (!waiting) return;
    const { context, isLate } = waiting;
    if (answer.kind === "response") answer.isLate = isLate;
    context.onAnswer(answer, context.sent);
  }

  private serve(pdu: Pdu): void {
    if (pdu.command === "outbind") return;
    const status =
      pdu.command === "enquire_link" || pdu.command === "unbind"
        ? commandStatus.ok
        : refusalOf(pdu.command, this.options.role, this.state);
    this.unanswered += 1;
    this.unansweredBytes += pdu.command_length ?? 0;
    if (pdu.command === "unbind" && !this.leaving) {
      this.leave(pdu, "the peer unbound");
    } else if (status !== null) {
      this.respond(pdu, status);
    } else {
      this.writer.setReading(this.hasRoom);
      this.options.handlers.onRequest(pdu);
    }
  }

  /** A client that ends its side may still read: what it asked for is answered before we end ours. */
  private peerEnded(): void {
    const reason = "the peer closed the connection";
    if (this.leaving) return;
    if (this.options.role === "smsc" && this.isBound && this.unanswered > 0) this.leave(null, reason);
    else this.close(reason);
  }

  private leave(unbind: Pdu | null, reason: string): void {
    this.state = "unbound";
    this.leaving = new Goodbye(unbind, this.options.responseTimeoutMs, () => {
      this.leaving = null;
      if (unbind) this.respond(unbind, commandStatus.ok);
      this.close(reason);
    });
    this.leaving.answered(this.unanswered);
  }

  private nack(status: number, sequence: number): void {
    const bytes = encode("generic_nack", status, sequence);
    if (bytes.ok) this.writer.write(bytes.value);
  }

  private expire(): void {
    const nowMs = Date.now();
    for (const slots of [this.window, this.control]) {
      for (const { context } of slots.expire(nowMs)) context.onAnswer({ kind: "lost", why: "timeout" }, context.sent);
    }
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }
}
