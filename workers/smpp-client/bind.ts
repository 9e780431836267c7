/** One bind to a carrier: connects, binds, comes back after every loss, and says how it is. */
import type { Socket } from "node:net";
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import type { BindReport } from "#server/domain/delivery/report-binds.ts";
import { statusName } from "#server/domain/routing/error-codes.ts";
import { dialOutside } from "#server/kernel/outbound.ts";
import type { Pdu, PduFields } from "#workers/smpp/pdu.ts";
import { type OnAnswer, Session } from "#workers/smpp/session.ts";
import type { BindCommand } from "#workers/smpp/session-state.ts";

export type BindHandlers = {
  onDeliver(session: Session, pdu: Pdu): void;
  /** Bound, or no more: room has changed. */
  onChange(): void;
};

const interfaceVersion = 0x34;
const bindTimeoutMs = 10_000;
const backoffMs = { first: 1_000, most: 30_000 };
/** After this long a bind counts as good, and its next failure starts the backoff anew. */
const goodAfterMs = 30_000;

/** At most one retry a second over all binds of a connector: a carrier that comes back is not stormed. */
export class RetryGate {
  private taken: number[] = [];
  /** The first moment from the wanted one on that is a second away from all others. @returns how long to wait */
  reserve(wantedInMs: number, nowMs: number): number {
    this.taken = this.taken.filter((takenMs) => takenMs > nowMs - backoffMs.first);
    let atMs = Math.ceil(nowMs + wantedInMs);
    for (const takenMs of this.taken) if (Math.abs(atMs - takenMs) < backoffMs.first) atMs = takenMs + backoffMs.first;
    this.taken.push(atMs);
    this.taken.sort((a, b) => a - b);
    return atMs - nowMs;
  }
}

export class Bind {
  session: Session | null = null;
  private state: BindReport["state"] = "connecting";
  private lastError: string | null = null;
  private since = new Date();
  private failures = 0;
  private boundAtMs = 0;
  private isStopped = false;
  private retry: NodeJS.Timeout | undefined;
  private aboutText = "";
  private unansweredInARow = 0;
  /** A carrier that let a whole window go unanswered gets one message at a time until it answers. */
  private isSuspect = false;

  constructor(
    private readonly connector: WorkerConnector,
    readonly number: number,
    private readonly command: BindCommand,
    private readonly gate: RetryGate,
    private readonly handlers: BindHandlers,
  ) {}

  /** Whom what goes over it is exchanged with, for those who ask later. */
  get about(): string {
    const { id, host, port, tls } = this.connector;
    this.aboutText ||= JSON.stringify({ connectorId: id, bind: this.number, peer: `${host}:${port}`, tls });
    return this.aboutText;
  }
  get report(): BindReport {
    return { bindNumber: this.number, state: this.state, lastError: this.lastError, since: this.since };
  }
  get isBound(): boolean {
    return this.session?.isBound ?? false;
  }
  get mayTransmit(): boolean {
    return this.command !== "bind_receiver";
  }
  get freeSlots(): number {
    if (!this.session || !this.mayTransmit) return 0;
    const { freeSlots, usedSlots } = this.session;
    return this.isSuspect ? Math.max(0, Math.min(freeSlots, 1 - usedSlots)) : freeSlots;
  }
  get usedSlots(): number {
    return this.session?.usedSlots ?? 0;
  }

  start(): void {
    this.enter("connecting");
    const { host, port, tls } = this.connector;
    dialOutside({ host, port, tls, timeoutMs: bindTimeoutMs }).then(
      (socket) => {
        if (this.isStopped) socket.destroy();
        else if (socket.destroyed) this.failed("the connection is closed");
        else this.open(socket);
      },
      (error: Error) => this.failed(error.message),
    );
  }

  /** Sends a submit; answers also tell whether the carrier is alive. */
  submit(fields: PduFields, onAnswer: OnAnswer): void {
    const session = this.session;
    if (!session) {
      onAnswer({ kind: "unsent", why: "not bound" });
      return;
    }
    session.request("submit_sm", fields, (answer, sent) => {
      if (answer.kind === "response") {
        this.unansweredInARow = 0;
        this.isSuspect = false;
        this.failures = 0;
      }
      onAnswer(answer, sent);
      if (answer.kind === "lost" && answer.why === "timeout") this.missed(session);
    });
  }

  /** Says goodbye. Does not wait for what is unanswered: that is the driver's to do before. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retry);
    await this.session?.unbind("stopped");
    this.enter("stopped");
  }

  private open(socket: Socket): void {
    let refusal: string | null = null;
    const { windowSize, responseTimeoutMs, enquireLinkMs, systemId, password, systemType } = this.connector;
    const session: Session = new Session({
      socket,
      role: "esme",
      windowSize,
      responseTimeoutMs,
      enquireLinkMs,
      bindTimeoutMs,
      handlers: {
        onRequest: (pdu) => this.handlers.onDeliver(session, pdu),
        onClose: (reason) => {
          this.session = null;
          this.failed(refusal ?? reason);
        },
      },
    });
    const fields = {
      system_id: systemId,
      password: password ?? "",
      system_type: systemType,
      interface_version: interfaceVersion,
    };
    session.bind(this.command, fields, (answer) => {
      if (session.isBound) this.bound(session);
      else {
        const why = answer.kind === "response" ? statusName(answer.pdu.command_status) : answer.why;
        refusal = `the carrier refused the bind: ${why}`;
        session.close(refusal);
      }
    });
  }

  private bound(session: Session): void {
    this.session = session;
    this.boundAtMs = Date.now();
    this.unansweredInARow = 0;
    this.lastError = null;
    this.enter("bound");
  }

  private missed(session: Session): void {
    this.unansweredInARow += 1;
    if (this.unansweredInARow < (this.isSuspect ? 1 : this.connector.windowSize)) return;
    this.isSuspect = true;
    session.close("the carrier does not answer submits");
  }

  private failed(reason: string): void {
    if (this.isStopped) return;
    if (this.state === "bound" && !this.isSuspect && Date.now() - this.boundAtMs >= goodAfterMs) this.failures = 0;
    this.failures += 1;
    this.lastError = reason;
    const most = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(this.failures, 10));
    const waitMs = this.gate.reserve(Math.random() * most, Date.now());
    this.retry = setTimeout(() => this.start(), waitMs);
    this.enter("waiting");
  }

  private enter(state: BindReport["state"]): void {
    if (state !== this.state) this.since = new Date();
    this.state = state;
    this.handlers.onChange();
  }
}
