/** Clients over SMPP as they should be: bound again whenever the line is cut, and nothing sent twice by themselves. */
import { once } from "node:events";
import { connect } from "node:net";
import type { Book } from "#scripts/chaos/book.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { encodeGsm7 } from "#workers/smpp/data-coding.ts";
import { parseReceipt } from "#workers/smpp/receipt.ts";
import { type Answer, Session } from "#workers/smpp/session.ts";
import type { BindCommand } from "#workers/smpp/session-state.ts";

export type SmppPlace = { host: string; port: number; systemId: string; password: string; sender: string };

/** A client has several binds, of every kind. */
const commands: BindCommand[] = ["bind_transceiver", "bind_transceiver", "bind_transmitter", "bind_receiver"];
const windowSize = 30;
const againMs = 300;
/** Refused for now, and certainly not taken. */
const comeBack = new Set<number>([commandStatus.throttled, commandStatus.queueFull, commandStatus.systemError]);
const comeBackMs = 1_000;

export class SmppClients {
  private readonly waiting: string[] = [];
  private readonly sessions = new Set<Session>();
  private underWay = 0;
  private isStopped = false;
  private pausedUntilMs = 0;

  constructor(
    private readonly place: SmppPlace,
    private readonly book: Book,
  ) {
    for (const command of commands) void this.keepBound(command);
  }

  add(recipients: readonly string[]): void {
    this.waiting.push(...recipients);
    this.pump();
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.underWay === 0;
  }

  stop(): void {
    this.isStopped = true;
    for (const session of this.sessions) session.close("the run is over");
  }

  private async keepBound(command: BindCommand): Promise<void> {
    while (!this.isStopped) {
      await this.bindOnce(command).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }

  /** Resolves when the line is lost. */
  private async bindOnce(command: BindCommand): Promise<void> {
    const { host, port, systemId, password } = this.place;
    const socket = connect(port, host);
    await once(socket, "connect");
    await new Promise<void>((onClose) => {
      const session: Session = new Session({
        socket,
        role: "esme",
        windowSize,
        responseTimeoutMs: 20_000,
        enquireLinkMs: 10_000,
        bindTimeoutMs: 10_000,
        handlers: {
          onRequest: (pdu) => {
            const receipt = parseReceipt(pdu);
            if (receipt) this.book.tell("receipts", receipt.carrierId, receipt.state);
            session.respond(pdu, commandStatus.ok);
          },
          onClose: () => {
            this.sessions.delete(session);
            onClose();
          },
        },
      });
      session.bind(command, { system_id: systemId, password, interface_version: 0x34 }, (answer) => {
        const isBound = answer.kind === "response" && answer.pdu.command_status === commandStatus.ok;
        if (!isBound) session.close("not bound");
        else if (command !== "bind_receiver") this.sessions.add(session);
        this.pump();
      });
    });
  }

  private pump(): void {
    for (const session of this.sessions) {
      while (session.freeSlots > 0 && !this.isStopped && performance.now() >= this.pausedUntilMs) {
        const to = this.waiting.shift();
        if (to === undefined) return;
        this.submit(session, to);
      }
    }
  }

  private submit(session: Session, to: string): void {
    this.underWay += 1;
    const short_message = encodeGsm7(`Your code for ${to} is ready.`);
    const fields = { source_addr: this.place.sender, destination_addr: to, registered_delivery: 1, short_message };
    let isFirst = true;
    session.request("submit_sm", fields, (answer) => {
      if (isFirst) this.underWay -= 1;
      this.hear(to, answer, isFirst);
      isFirst = false;
      this.pump();
    });
  }

  /** Later, and until then everything else waits, too. */
  private comeBack(to: string): void {
    this.book.repeated.submits += 1;
    this.waiting.push(to);
    this.pausedUntilMs = performance.now() + comeBackMs;
    setTimeout(() => this.pump(), comeBackMs + 1);
  }

  private hear(to: string, answer: Answer, isFirst: boolean): void {
    if (answer.kind === "unsent") this.waiting.push(to);
    else if (answer.kind === "lost") this.book.unanswered.add(to);
    else if (answer.pdu.command_status === commandStatus.ok) {
      this.book.unanswered.delete(to);
      this.book.acknowledge("smpp", answer.pdu.message_id ?? "", to);
    } else if (comeBack.has(answer.pdu.command_status)) {
      // One that comes late is for a submit that counts as never answered.
      if (isFirst) this.comeBack(to);
    } else this.book.refused.push(`submit_sm: ${answer.pdu.command_status}`);
  }
}
