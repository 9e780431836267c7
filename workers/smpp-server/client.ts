/** One connection of a client: its session, its account once it is bound, and which request goes where. */
import type { Socket } from "node:net";
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu, PduFields } from "#workers/smpp/pdu.ts";
import { Session } from "#workers/smpp/session.ts";
import type { Receiver } from "#workers/smpp-server/account-receipts.ts";
import type { AccountState } from "#workers/smpp-server/account-state.ts";
import { deliverSm } from "#workers/smpp-server/deliver.ts";
import { countAnswer } from "#workers/smpp-server/metrics.ts";
import type { Verdict } from "#workers/smpp-server/statuses.ts";
import { traceRequest, traceTold } from "#workers/smpp-server/trace-client.ts";

export type ClientTimers = {
  /** From the connection to the bind. */
  bindTimeoutMs: number;
  /** Silence after which the client is asked for a sign of life; silent twice as long, it is gone. */
  enquireLinkMs: number;
  /** For answers of the client. */
  responseTimeoutMs: number;
};

export type ClientHandlers = {
  onBind(client: Client, pdu: Pdu): void;
  onRequest(client: Client, pdu: Pdu): void;
  onClose(client: Client, reason: string): void;
};

/** Before the bind, one request at a time is enough. */
const unboundRequests = 2;
/** The client's own word for the version that it speaks. */
const version34 = 0x34;
const version50 = 0x50;
const unbindPatienceMs = 500;

export class Client implements Receiver {
  readonly session: Session;
  /** As the socket says it; `ip` is the same without the IPv6 wrapping of IPv4. */
  readonly peer: string;
  readonly ip: string;
  readonly isTls: boolean;
  state: AccountState | null = null;
  /** Of the bind in the database; null before it. */
  bindId: string | null = null;
  isBinding = false;
  version = 0;
  private aboutText = "";
  /** When the last request came that was no enquire_link, or the last receipt was confirmed. */
  busyAtMs = Date.now();

  constructor(socket: Socket, isTls: boolean, timers: ClientTimers, handlers: ClientHandlers) {
    this.peer = socket.remoteAddress ?? "";
    this.ip = this.peer.replace(/^::ffff:/, "");
    this.isTls = isTls;
    this.session = new Session({
      socket,
      role: "smsc",
      windowSize: 1,
      ...timers,
      maxUnanswered: unboundRequests,
      handlers: {
        onRequest: (pdu) => {
          this.busyAtMs = Date.now();
          if (pdu.command.startsWith("bind_")) handlers.onBind(this, pdu);
          else handlers.onRequest(this, pdu);
        },
        onClose: (reason) => handlers.onClose(this, reason),
      },
    });
  }

  /** Who it is, for those who ask later what it exchanged with us. */
  get about(): string {
    const { state, ip, isTls: tls, version, bindId: bind } = this;
    this.aboutText ||= JSON.stringify({ account: state?.account.systemId, ip, tls, version, bind });
    return this.aboutText;
  }

  get account(): BindAccount | null {
    return this.state?.account ?? null;
  }
  get windowSize(): number {
    return this.account?.receiptWindow ?? 1;
  }
  get freeSlots(): number {
    return this.session.freeSlots;
  }
  get takesReceipts(): boolean {
    return this.session.state === "bound_rx" || this.session.state === "bound_trx";
  }
  /** TLVs came with 3.4. */
  get knowsTlvs(): boolean {
    return this.version >= version34;
  }

  /** Puts the account's limits into force, also when they change later. */
  applyLimits({ windowSize, receiptWindow }: BindAccount): void {
    this.session.limitUnanswered(windowSize);
    this.session.limitWindow(receiptWindow);
  }

  respond(pdu: Pdu, { status, info }: Verdict, fields: PduFields = {}): void {
    countAnswer(pdu.command, status);
    const explains = info !== undefined && status !== commandStatus.ok && this.version >= version50;
    const answer = this.session.respond(pdu, status, explains ? { additional_status_info_text: info } : fields);
    if (fields.message_id && pdu.octets) traceRequest(this, fields.message_id, pdu, answer);
  }

  deliver: Receiver["deliver"] = (receipt, messageId, onAnswer) => {
    const { account } = this;
    if (!account) {
      onAnswer({ kind: "unsent", why: "not bound" });
      return;
    }
    const fromMs = performance.now();
    this.session.request("deliver_sm", deliverSm(receipt, messageId, account, this.knowsTlvs), (answer, sent) => {
      if (answer.kind === "response") this.busyAtMs = Date.now();
      if (sent) traceTold(this, receipt.messageId, { sent, answer, fromMs });
      onAnswer(answer);
    });
  };

  /** Says unbind and closes, however the client takes it. */
  async dismiss(reason: string): Promise<void> {
    const impatience = setTimeout(() => this.session.close(reason), unbindPatienceMs);
    await this.session.unbind(reason);
    clearTimeout(impatience);
    this.session.close(reason);
  }
}
