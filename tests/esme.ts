/** A bare SMPP client for tests: binds, submits, and keeps every receipt that it gets. */
import { once } from "node:events";
import { connect } from "node:net";
import type { PduFields } from "#workers/smpp/codec.ts";
import { parseReceipt, type Receipt } from "#workers/smpp/receipt.ts";
import { type Answer, Session } from "#workers/smpp/session.ts";

export class TestEsme {
  readonly receipts: Receipt[] = [];
  private readonly waiting: { count: number; resolve: () => void }[] = [];

  private constructor(
    readonly session: Session,
    readonly bound: Answer,
    readonly closed: Promise<string>,
  ) {}

  static async connect(port: number, systemId = "test", password = "secret", windowSize = 1_000): Promise<TestEsme> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    let onClose: (reason: string) => void = () => {};
    const closed = new Promise<string>((resolve) => {
      onClose = resolve;
    });
    let esme: TestEsme | null = null;
    const session: Session = new Session({
      socket,
      role: "esme",
      windowSize,
      responseTimeoutMs: 5_000,
      enquireLinkMs: 30_000,
      bindTimeoutMs: 5_000,
      handlers: {
        onRequest: (pdu) => {
          session.respond(pdu, 0);
          const receipt = parseReceipt(pdu);
          if (receipt) esme?.got(receipt);
        },
        onClose,
      },
    });
    const fields = { system_id: systemId, password, interface_version: 0x34 };
    const bound = await new Promise<Answer>((resolve) => session.bind("bind_transceiver", fields, resolve));
    esme = new TestEsme(session, bound, closed);
    return esme;
  }

  submit(fields: PduFields): Promise<Answer> {
    return new Promise((resolve) =>
      this.session.request("submit_sm", { source_addr: "BRAND", registered_delivery: 1, ...fields }, resolve),
    );
  }

  /** Resolves when so many receipts are there. */
  receiptCount(count: number): Promise<void> {
    if (this.receipts.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  private got(receipt: Receipt): void {
    this.receipts.push(receipt);
    for (const { count, resolve } of this.waiting) if (this.receipts.length >= count) resolve();
  }
}
