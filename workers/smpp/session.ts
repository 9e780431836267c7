/** One SMPP session over one socket: states, sequence numbers, window, timeouts, keep-alive. It always ends in onClose. */
import type { Socket } from "node:net";
import { decode, encode } from "#workers/smpp/codec.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { Framer } from "#workers/smpp/framer.ts";
import { isKnownCommand } from "#workers/smpp/package-codec.ts";
import { type Bytes, isResponseId, type Pdu, type PduFields, readHeader } from "#workers/smpp/pdu.ts";
import { SocketWriter } from "#workers/smpp/socket-writer.ts";
import { Window } from "#workers/smpp/window.ts";

/** SMPP 3.4 section 2.2. */
export type SessionState = "open" | "bound_tx" | "bound_rx" | "bound_trx" | "unbound" | "closed";
export type BindCommand = "bind_transmitter" | "bind_receiver" | "bind_transceiver";
const stateAfterBind: Record<string, SessionState> = {
  bind_transmitter: "bound_tx",
  bind_receiver: "bound_rx",
  bind_transceiver: "bound_trx",
};

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

export type SessionHandlers = {
  /** A request that its state allows; answer it with respond(). enquire_link and unbind never come here. */
  onRequest(pdu: Pdu): void;
  /** Once, whatever happened. Every unanswered request has had its `lost` or `unsent` before. */
  onClose(reason: string): void;
};

export type SessionOptions = {
  socket: Socket;
  /** esme binds to the other; smsc is bound to. */
  role: "esme" | "smsc";
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

const needsTransmitter = new Set(["submit_sm", "data_sm", "submit_multi", "query_sm", "cancel_sm", "replace_sm"]);
const needsReceiver = new Set(["deliver_sm", "alert_notification"]);

export class Session {
  state: SessionState = "open";
  malformedCount = 0;
  private readonly framer = new Framer();
  private readonly writer: SocketWriter;
  private readonly window: Window<OnAnswer>;
  private readonly control: Window<OnAnswer>;
  private readonly timers: NodeJS.Timeout[] = [];
  private maxUnanswered: number;
  private sequence = 0;
  private unanswered = 0;
  private unansweredBytes = 0;
  private lastReadMs = Date.now();
  private isProbing = false;
  /** The peer said goodbye, with an unbind or by ending its side, while it had answers of ours to come. */
  private leaving: { unbind: Pdu | null; reason: string } | null = null;

  constructor(private readonly options: SessionOptions) {
    const { socket } = options;
    this.writer = new SocketWriter(socket);
    this.window = new Window(options.windowSize, options.responseTimeoutMs);
    this.control = new Window(controlSlots, options.responseTimeoutMs);
    this.maxUnanswered = options.maxUnanswered ?? 2_000;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.read(chunk));
    socket.on("error", (error) => this.close(error.message));
    socket.on("end", () => this.peerEnded());
    socket.on("close", () => this.close("the connection is closed"));
    this.every(Math.max(5, Math.min(250, options.responseTimeoutMs / 10)), () => this.expire());
    this.every(Math.max(5, Math.min(1_000, options.enquireLinkMs / 4)), () => this.keepAlive());
    this.timers.push(
      setTimeout(() => {
        if (this.state === "open") this.close("no bind in time");
      }, options.bindTimeoutMs),
    );
  }

  get isBound(): boolean {
    return this.state.startsWith("bound");
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
  respond(request: Pdu, status: number, fields: PduFields = {}): Bytes | null {
    if (this.state === "closed") return null;
    const bound = stateAfterBind[request.command];
    if (bound && status === commandStatus.ok && this.state === "open") this.state = bound;
    const answer = answerNames[request.command] ?? `${request.command}_resp`;
    const bytes = encode(answer, status, request.sequence_number, fields);
    if (bytes.ok) this.writer.write(bytes.value);
    if (this.unanswered > 0) this.unanswered -= 1;
    this.unansweredBytes = this.unanswered > 0 ? this.unansweredBytes - (request.command_length ?? 0) : 0;
    this.writer.setReading(this.hasRoom);
    this.leaveWhenAnswered();
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
    for (const timer of this.timers) clearTimeout(timer);
    for (const slots of [this.window, this.control]) {
      for (const { sequence, context } of slots.drain()) {
        const wasSent = this.writer.wasHandedOver(sequence);
        context(wasSent ? { kind: "lost", why: "closed" } : { kind: "unsent", why: reason });
      }
    }
    this.writer.end(lingerMs);
    this.options.handlers.onClose(reason);
  }

  private send(slots: Window<OnAnswer>, command: string, fields: PduFields, onAnswer: OnAnswer): void {
    const sequence = this.nextSequence();
    const bytes = encode(command, 0, sequence, fields);
    if (!bytes.ok || this.state === "closed") {
      onAnswer({ kind: "unsent", why: bytes.ok ? "closed" : bytes.reason });
      return;
    }
    const { value: sent } = bytes;
    slots.take(sequence, (answer) => onAnswer(answer, sent), Date.now());
    this.writer.write(sent, sequence);
  }

  private nextSequence(): number {
    do this.sequence = this.sequence >= maxSequence ? 1 : this.sequence + 1;
    while (this.window.has(this.sequence) || this.control.has(this.sequence));
    return this.sequence;
  }

  private read(chunk: Buffer): void {
    this.lastReadMs = Date.now();
    this.isProbing = false;
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
    decoded.value.octets = bytes;
    decoded.value.read_at_ms = this.lastReadMs;
    if (isResponseId(bytes.readUInt32BE(4))) this.settle(decoded.value);
    else this.serve(decoded.value);
  }

  /** The frame is whole, so the stream is still in step: answer, count, go on. */
  private refuse(bytes: Buffer, reason: string): void {
    const header = readHeader(bytes);
    this.malformedCount += 1;
    if (isResponseId(header.commandId)) this.answerOf(header.sequence)?.context({ kind: "lost", why: "malformed" });
    else {
      const known = isKnownCommand(header.commandId);
      this.nack(known ? commandStatus.invalidCommandLength : commandStatus.invalidCommandId, header.sequence);
    }
    if (this.malformedCount >= maxMalformed) this.close(`too many malformed PDUs, the last: ${reason}`);
  }

  private settle(pdu: Pdu): void {
    const waiting = this.answerOf(pdu.sequence_number);
    waiting?.context({ kind: "response", pdu, isLate: waiting.isLate });
  }

  private answerOf(sequence: number) {
    return this.window.answer(sequence) ?? this.control.answer(sequence);
  }

  private serve(pdu: Pdu): void {
    if (pdu.command === "outbind") return;
    const status =
      pdu.command === "enquire_link" || pdu.command === "unbind" ? commandStatus.ok : this.refusalOf(pdu.command);
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

  /**
   * Nothing new is taken or sent. What the peer asked for before is answered first, since a client that gets no answer
   * sends its messages again; then its unbind (SMPP 3.4 section 4.2), at the latest after the
   * time that answers may take.
   */
  private leave(unbind: Pdu | null, reason: string): void {
    this.state = "unbound";
    this.leaving = { unbind, reason };
    this.timers.push(setTimeout(() => this.sayGoodbye(), this.options.responseTimeoutMs));
    this.leaveWhenAnswered();
  }

  private leaveWhenAnswered(): void {
    if (this.leaving && this.unanswered <= (this.leaving.unbind ? 1 : 0)) this.sayGoodbye();
  }

  private sayGoodbye(): void {
    const { leaving } = this;
    if (!leaving) return;
    this.leaving = null;
    if (leaving.unbind) this.respond(leaving.unbind, commandStatus.ok);
    this.close(leaving.reason);
  }

  private refusalOf(command: string): number | null {
    if (command in stateAfterBind) {
      if (this.options.role === "esme") return commandStatus.invalidCommandId;
      return this.state === "open" ? null : commandStatus.alreadyBound;
    }
    const { role } = this.options;
    if (needsTransmitter.has(command) && role === "smsc") {
      return this.state === "bound_tx" || this.state === "bound_trx" ? null : commandStatus.wrongBindStatus;
    }
    if ((needsReceiver.has(command) || command === "data_sm") && role === "esme") {
      return this.state === "bound_rx" || this.state === "bound_trx" ? null : commandStatus.wrongBindStatus;
    }
    return commandStatus.invalidCommandId;
  }

  private nack(status: number, sequence: number): void {
    const bytes = encode("generic_nack", status, sequence);
    if (bytes.ok) this.writer.write(bytes.value);
  }

  private expire(): void {
    const nowMs = Date.now();
    for (const slots of [this.window, this.control]) {
      for (const { context } of slots.expire(nowMs)) context({ kind: "lost", why: "timeout" });
    }
  }

  /** A peer that says nothing for one interval is asked; one that is silent for two is dead, whatever TCP believes. */
  private keepAlive(): void {
    // Reading stopped because we are behind: that says nothing about the peer.
    if (!this.hasRoom) this.lastReadMs = Date.now();
    const silentMs = Date.now() - this.lastReadMs;
    const { enquireLinkMs, responseTimeoutMs } = this.options;
    if (this.isProbing && silentMs >= enquireLinkMs + Math.min(enquireLinkMs, responseTimeoutMs)) {
      this.close("the peer does not answer enquire_link");
    } else if (!this.isProbing && this.isBound && silentMs >= enquireLinkMs) {
      this.isProbing = true;
      this.send(this.control, "enquire_link", {}, () => {});
    }
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }
}
