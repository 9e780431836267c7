/** A carrier's SMSC: takes binds and submits over TCP, answers after its latency, sends receipts after their delay. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Account } from "#workers/simulator/account.ts";
import { type Decision, decide } from "#workers/simulator/decide.ts";
import { type Accepted, Journal } from "#workers/simulator/journal.ts";
import { Memory } from "#workers/simulator/memory.ts";
import { defaultSettings, type SimulatorSettings } from "#workers/simulator/settings.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { decodeText } from "#workers/smpp/data-coding.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { Session } from "#workers/smpp/session.ts";
import { parseUdh, udhiBit } from "#workers/smpp/udh.ts";

export type SmscOptions = {
  settings?: Partial<SimulatorSettings>;
  /** Null lets every password in. */
  password?: string | null;
  journalPath?: string | null;
  /** 0 ≤ x < 1; a test puts in its own. */
  random?: () => number;
};

const receiptWindow = 200;
const maxTimerMs = 86_400_000;

export class Smsc {
  settings: SimulatorSettings;
  readonly memory = new Memory();
  private readonly server: Server;
  private readonly sessions = new Set<Session>();
  private readonly accounts = new Map<string, Account>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly journal: Journal;
  private readonly random: () => number;
  private lastId = Date.now() * 1_000;
  private second = { number: 0, submits: 0 };

  constructor(private readonly options: SmscOptions = {}) {
    this.settings = { ...defaultSettings, ...options.settings };
    this.journal = new Journal(options.journalPath ?? null);
    this.random = options.random ?? Math.random;
    this.server = createServer((socket) => this.welcome(socket));
  }

  /** @returns the port, also when 0 asked for a free one */
  async listen(port: number, host = "127.0.0.1"): Promise<number> {
    const { accepted, owed } = this.journal.open();
    for (const entry of accepted) {
      this.remember(entry);
      this.lastId = Math.max(this.lastId, entry.id);
      if (owed.has(entry.id)) this.owe(entry);
    }
    this.server.listen(port, host);
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  get isListening(): boolean {
    return this.server.listening;
  }
  get boundSessions(): number {
    return [...this.sessions].filter((session) => session.isBound).length;
  }

  /** Cuts every connection, as a carrier's restart does. */
  disconnectAll(): void {
    for (const session of [...this.sessions]) session.close("cut by the simulator");
  }

  /** Forgets what it saw and whatever receipts it still owes. */
  reset(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const account of this.accounts.values()) account.drop();
    this.memory.stats.receiptsDue = 0;
    this.memory.reset();
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    const closed = once(this.server, "close");
    this.server.close();
    this.disconnectAll();
    await closed;
    this.journal.close();
  }

  private welcome(socket: Socket): void {
    let account: Account | null = null;
    const session: Session = new Session({
      socket,
      role: "smsc",
      windowSize: receiptWindow,
      responseTimeoutMs: 10_000,
      enquireLinkMs: 60_000,
      bindTimeoutMs: 10_000,
      maxUnanswered: 10_000,
      handlers: {
        onRequest: (pdu) => {
          if (pdu.command.startsWith("bind_")) account = this.bind(session, pdu) ?? account;
          else if (pdu.command === "submit_sm" && account) this.submit(session, account.systemId, pdu);
          else session.respond(pdu, commandStatus.invalidCommandId);
        },
        onClose: () => {
          this.sessions.delete(session);
          account?.leave(session);
        },
      },
    });
    this.sessions.add(session);
  }

  private bind(session: Session, pdu: Pdu): Account | null {
    const { password } = this.options;
    const isWrong = password !== null && password !== undefined && pdu.password !== password;
    const status = this.settings.refusesBinds
      ? commandStatus.bindFailed
      : isWrong
        ? commandStatus.invalidPassword
        : commandStatus.ok;
    session.respond(pdu, status, { system_id: "simulator", sc_interface_version: 0x34 });
    if (status !== commandStatus.ok) {
      this.memory.stats.refusedBinds += 1;
      return null;
    }
    this.memory.stats.binds += 1;
    const account = this.account(pdu.system_id ?? "");
    account.join(session);
    return account;
  }

  private submit(session: Session, systemId: string, pdu: Pdu): void {
    const { memory, settings } = this;
    memory.stats.submits += 1;
    if (settings.isMute) return;
    const msisdn = (pdu.destination_addr ?? "").replace(/^\+/, "");
    const decision = this.isTooFast()
      ? { ...decide(msisdn, settings, () => false, this.random), status: commandStatus.throttled }
      : decide(msisdn, settings, (number) => memory.isFirstTry(number), this.random);
    if (decision.status !== commandStatus.ok) {
      const { stats } = memory;
      if (decision.status === commandStatus.throttled) stats.throttled += 1;
      else if (decision.status === commandStatus.systemError) stats.temporary += 1;
      else stats.rejected += 1;
      this.after(this.latencyMs(), () => session.respond(pdu, decision.status));
      return;
    }
    const entry = this.take(systemId, pdu, msisdn, decision);
    if (settings.cutEvery > 0 && memory.stats.submits % settings.cutEvery === 0) {
      memory.stats.cuts += 1;
      session.close("cut by the simulator");
      return;
    }
    this.after(this.latencyMs(), () => session.respond(pdu, commandStatus.ok, { message_id: entry.carrierId }));
  }

  private take(account: string, pdu: Pdu, msisdn: string, decision: Decision): Accepted {
    this.lastId += 1;
    const bytes = pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0));
    const { concatenation: inHeader, body } =
      (pdu.esm_class ?? 0) & udhiBit ? parseUdh(bytes) : { concatenation: null, body: bytes };
    const { sar_segment_seqnum: number, sar_total_segments: total } = pdu;
    const concatenation = inHeader ?? (number && total ? { number, total } : null);
    const sender = pdu.source_addr ?? "";
    const nowMs = Date.now();
    const entry: Accepted = {
      id: this.lastId,
      account,
      carrierId: decision.usesOtherNotation ? this.lastId.toString(16).toUpperCase() : String(this.lastId),
      receiptId: String(this.lastId),
      msisdn,
      sender,
      digest: createHash("sha1")
        .update(sender)
        .update("\0")
        .update(`${concatenation?.number ?? 0}\0`)
        .update(bytes)
        .digest("base64"),
      text: decodeText(body, pdu.data_coding ?? 0),
      reference: pdu.user_message_reference ?? null,
      part: concatenation?.number ?? 1,
      total: concatenation?.total ?? 1,
      atMs: nowMs,
      state: pdu.registered_delivery ? decision.state : null,
      errorCode: decision.errorCode,
      // A receipt never overtakes its answer, but where that is asked for.
      receiptAtMs: decision.isReceiptFirst ? nowMs : nowMs + Math.max(decision.receiptDelayMs, this.maxLatencyMs()),
      copies: decision.receiptCopies,
    };
    this.journal.accepted(entry);
    this.remember(entry);
    if (entry.state) this.owe(entry);
    return entry;
  }

  private remember({ msisdn, sender, text, carrierId, part, total, reference, atMs, digest }: Accepted): void {
    this.memory.accepted(msisdn, digest, { sender, text, carrierId, part, total, reference, atMs });
  }

  private owe(entry: Accepted): void {
    this.memory.stats.receiptsDue += 1;
    this.after(entry.receiptAtMs - Date.now(), () => this.account(entry.account).deliver(entry));
  }

  private account(systemId: string): Account {
    let account = this.accounts.get(systemId);
    if (!account) {
      account = new Account(systemId, () => this.settings, {
        sent: () => {
          this.memory.stats.receiptsSent += 1;
        },
        confirmed: (entry) => {
          this.memory.stats.receiptsConfirmed += 1;
          this.memory.stats.receiptsDue = Math.max(0, this.memory.stats.receiptsDue - 1);
          this.journal.confirmed(entry.id);
        },
      });
      this.accounts.set(systemId, account);
    }
    return account;
  }

  private isTooFast(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second.number) this.second = { number: second, submits: 0 };
    this.second.submits += 1;
    return this.settings.maxPerSecond > 0 && this.second.submits > this.settings.maxPerSecond;
  }

  private latencyMs(): number {
    return this.settings.latencyMs + this.random() * this.settings.latencyJitterMs;
  }
  private maxLatencyMs(): number {
    return this.settings.latencyMs + this.settings.latencyJitterMs + 1;
  }

  private after(delayMs: number, work: () => void): void {
    if (delayMs <= 0) {
      work();
      return;
    }
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        work();
      },
      Math.min(Math.round(delayMs), maxTimerMs),
    );
    this.timers.add(timer);
  }
}
