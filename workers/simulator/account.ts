/** The receipts that one system_id is owed: kept until a bind of it confirms them, however often it comes and goes. */

import type { Accepted } from "#workers/simulator/journal.ts";
import type { SimulatorSettings } from "#workers/simulator/settings.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { formatReceipt, numberOfState } from "#workers/smpp/receipt.ts";
import type { Session } from "#workers/smpp/session.ts";

const retryMs = 1_000;
const receiptEsmClass = 0x04;

export type AccountEvents = { sent(): void; confirmed(entry: Accepted): void };

export class Account {
  private readonly sessions: Session[] = [];
  private readonly due: Accepted[] = [];
  private turn = 0;

  constructor(
    readonly systemId: string,
    private readonly settings: () => SimulatorSettings,
    private readonly events: AccountEvents,
  ) {}

  join(session: Session): void {
    this.sessions.push(session);
    this.drain();
  }

  leave(session: Session): void {
    const index = this.sessions.indexOf(session);
    if (index >= 0) this.sessions.splice(index, 1);
  }

  deliver(entry: Accepted): void {
    this.due.push(entry);
    this.drain();
  }

  drop(): void {
    this.due.length = 0;
  }

  private drain(): void {
    while (this.due.length > 0) {
      const session = this.nextReceiver();
      if (!session) return;
      const entry = this.due.shift();
      if (entry) this.send(session, entry);
    }
  }

  /** In turn, so that every bind of the account gets its share. */
  private nextReceiver(): Session | null {
    for (let tried = 0; tried < this.sessions.length; tried += 1) {
      this.turn = (this.turn + 1) % this.sessions.length;
      const session = this.sessions[this.turn];
      if (session && session.state !== "bound_tx" && session.freeSlots > 0) return session;
    }
    return null;
  }

  private send(session: Session, entry: Accepted): void {
    let isConfirmed = false;
    for (let copy = 0; copy < entry.copies; copy += 1) {
      this.events.sent();
      session.request("deliver_sm", deliverSm(entry, this.settings()), (answer) => {
        if (answer.kind === "response" && answer.pdu.command_status === 0) {
          if (!isConfirmed) this.events.confirmed(entry);
          isConfirmed = true;
          this.drain();
        } else if (!isConfirmed && copy === 0) {
          setTimeout(() => this.deliver(entry), answer.kind === "response" ? retryMs : 0).unref();
        }
      });
    }
  }
}

function deliverSm(entry: Accepted, settings: SimulatorSettings): Partial<Pdu> {
  const state = entry.state ?? "UNKNOWN";
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: entry.msisdn,
    destination_addr: entry.sender,
    esm_class: receiptEsmClass,
    data_coding: 0,
    short_message: Buffer.from(
      formatReceipt({
        carrierId: entry.receiptId,
        state,
        errorCode: entry.errorCode,
        submittedAt: new Date(entry.atMs),
        doneAt: new Date(entry.receiptAtMs),
        text: entry.text.replace(/[^\x20-\x7e]/g, "?"),
      }),
      "latin1",
    ),
    ...(settings.receiptTlvs ? { receipted_message_id: entry.receiptId, message_state: numberOfState[state] } : {}),
    ...(settings.echoesReference && entry.reference !== null ? { user_message_reference: entry.reference } : {}),
  };
}
