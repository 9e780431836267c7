/** A bare SMPP client for tests: binds, submits, and keeps every receipt that it gets. */
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { nextNumber } from "#tests/sending.ts";
import { encodeGsm7 } from "#workers/smpp/data-coding.ts";
import type { Pdu, PduFields } from "#workers/smpp/pdu.ts";
import { parseReceipt, type Receipt } from "#workers/smpp/receipt.ts";
import { type Answer, Session } from "#workers/smpp/session.ts";
import type { BindCommand } from "#workers/smpp/session-state.ts";

/** A submit_sm of one part to somebody new. */
export const plainSubmit = (text = "Your parcel is on its way."): PduFields => ({
  source_addr: "ACME",
  destination_addr: nextNumber(),
  short_message: encodeGsm7(text),
});

export type EsmeOptions = {
  port: number;
  systemId?: string;
  password?: string;
  windowSize?: number;
  command?: BindCommand;
  version?: number;
  responseTimeoutMs?: number;
  /** Over TLS, with what it trusts. */
  tls?: { ca: Buffer };
  /** What it answers to a deliver_sm; null leaves it without an answer. */
  answer?: (pdu: Pdu) => number | null;
};

export class TestEsme {
  readonly receipts: Receipt[] = [];
  /** Every deliver_sm, in order of arrival. */
  readonly delivered: Pdu[] = [];
  private readonly waiting: { count: number; resolve: () => void }[] = [];

  private constructor(
    readonly session: Session,
    readonly bound: Answer,
    readonly closed: Promise<string>,
  ) {}

  static connect(port: number, systemId = "test", password = "secret", windowSize = 1_000): Promise<TestEsme> {
    return TestEsme.open({ port, systemId, password, windowSize });
  }

  static async open(options: EsmeOptions): Promise<TestEsme> {
    const { port, systemId = "test", password = "secret", windowSize = 1_000, responseTimeoutMs = 60_000 } = options;
    const socket = options.tls ? connectTls({ port, host: "127.0.0.1", ...options.tls }) : connect(port, "127.0.0.1");
    await once(socket, options.tls ? "secureConnect" : "connect");
    let onClose: (reason: string) => void = () => {};
    const closed = new Promise<string>((resolve) => {
      onClose = resolve;
    });
    let esme: TestEsme | null = null;
    const session: Session = new Session({
      socket,
      role: "esme",
      windowSize,
      responseTimeoutMs,
      enquireLinkMs: 30_000,
      bindTimeoutMs: 60_000,
      handlers: {
        onRequest: (pdu) => {
          const status = options.answer ? options.answer(pdu) : 0;
          if (status !== null) session.respond(pdu, status);
          // A receipt may follow the bind's answer in the same packet.
          const receipt = parseReceipt(pdu);
          queueMicrotask(() => esme?.got(pdu, receipt));
        },
        onClose,
      },
    });
    const fields = { system_id: systemId, password, interface_version: options.version ?? 0x34 };
    const command = options.command ?? "bind_transceiver";
    const bound = await new Promise<Answer>((resolve) => session.bind(command, fields, resolve));
    esme = new TestEsme(session, bound, closed);
    return esme;
  }

  submit(fields: PduFields): Promise<Answer> {
    return this.request("submit_sm", { source_addr: "BRAND", registered_delivery: 1, ...fields });
  }

  request(command: string, fields: PduFields): Promise<Answer> {
    return new Promise((resolve) => this.session.request(command, fields, resolve));
  }

  /** Resolves when so many receipts are there. */
  receiptCount(count: number): Promise<void> {
    if (this.receipts.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  private got(pdu: Pdu, receipt: Receipt | null): void {
    this.delivered.push(pdu);
    if (receipt) this.receipts.push(receipt);
    for (const { count, resolve } of this.waiting) if (this.receipts.length >= count) resolve();
  }
}
