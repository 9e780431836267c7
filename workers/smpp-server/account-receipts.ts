/** The receipts of one account on their way to its receivers: in order, within their windows, until each is confirmed. */
import type { OutgoingReceipt } from "#server/domain/delivery/claim-outgoing.ts";
import { log } from "#server/kernel/log.ts";
import type { Answer } from "#workers/smpp/session.ts";
import { told } from "#workers/smpp-server/metrics.ts";

/** A bind that takes receipts. */
export type Receiver = {
  readonly windowSize: number;
  readonly freeSlots: number;
  deliver(receipt: OutgoingReceipt, messageId: string, onAnswer: (answer: Answer) => void): void;
};

export type ReceiptEvents = {
  /** The client has it. */
  onConfirmed(receipt: OutgoingReceipt): void;
  /** The client refused it: again after the delay. */
  onRefused(receipt: OutgoingReceipt, delayMs: number): void;
  /** There is room for more. */
  onRoom(): void;
};

/** One deliver_sm: a message that came in several submits has several. */
type Unit = { receipt: OutgoingReceipt; messageId: string; row: Row; isDone: boolean };
type Row = { left: number; isRefused: boolean };

const mostBuffered = 2_000;
const firstRetryMs = 1_000;
const mostRetryMs = 5 * 60_000;

export class AccountReceipts {
  /** Whether this server has the right to tell this account. */
  hasLease = false;
  private readonly receivers: Receiver[] = [];
  private waiting: Unit[] = [];
  /** Read from the queue and not yet gone from it. */
  private readonly inHand = new Set<string>();
  private readonly leaving = new Set<string>();
  private mayHaveMore = true;
  private isOutOfOrder = false;
  private turn = 0;

  constructor(private readonly events: ReceiptEvents) {}

  get hasReceivers(): boolean {
    return this.receivers.length > 0;
  }

  /** Whether the queue is to be read: what was read is half gone, so that reads are few and large. */
  get isHungry(): boolean {
    return this.mayHaveMore && this.receivers.length > 0 && this.waiting.length * 2 <= this.target;
  }

  /** What to read next from the queue; null when nothing is needed. */
  wanted(): { limit: number; inHand: string[] } | null {
    return this.isHungry ? { limit: this.target - this.waiting.length, inHand: [...this.inHand] } : null;
  }

  private get target(): number {
    let window = 0;
    for (const receiver of this.receivers) window += receiver.windowSize;
    return Math.min(mostBuffered, 2 * window + 50);
  }

  /** There may be news in the queue. */
  notify(): void {
    this.mayHaveMore = true;
  }

  join(receiver: Receiver): void {
    this.receivers.push(receiver);
    this.mayHaveMore = true;
    this.pump();
    this.events.onRoom();
  }

  /** Its unanswered ones have come back by now. @returns whether it was the last one */
  leave(receiver: Receiver): boolean {
    const index = this.receivers.indexOf(receiver);
    if (index < 0) return false;
    this.receivers.splice(index, 1);
    if (this.receivers.length === 0) this.drop();
    else this.pump();
    return this.receivers.length === 0;
  }

  /** Forgets what is not on its way out of the queue: another server may tell of it. */
  drop(): void {
    this.hasLease = false;
    this.waiting = [];
    for (const id of this.inHand) if (!this.leaving.has(id)) this.inHand.delete(id);
    this.mayHaveMore = true;
  }

  take(receipts: readonly OutgoingReceipt[], limit: number): void {
    this.mayHaveMore = receipts.length >= limit;
    for (const receipt of receipts) {
      if (this.inHand.has(receipt.id)) continue;
      this.inHand.add(receipt.id);
      const numbers = receipt.told ?? [];
      const ids =
        numbers.length > 0
          ? numbers.map((n) => `${receipt.messageId}.${n}`)
          : [receipt.answeredAs ?? receipt.messageId];
      const row = { left: ids.length, isRefused: false };
      for (const messageId of ids) this.waiting.push({ receipt, messageId, row, isDone: false });
    }
    this.pump();
  }

  /** The queue has them no more, or has them for later. */
  settled(id: string): void {
    this.inHand.delete(id);
    this.leaving.delete(id);
  }

  pump(): void {
    if (this.isOutOfOrder) {
      this.waiting.sort((a, b) => (a.receipt.id < b.receipt.id ? -1 : a.receipt.id > b.receipt.id ? 1 : 0));
      this.isOutOfOrder = false;
    }
    let sent = 0;
    for (; sent < this.waiting.length; sent += 1) {
      const unit = this.waiting[sent];
      if (!unit || unit.isDone) continue;
      const receiver = this.nextReceiver();
      if (!receiver) break;
      this.send(receiver, unit);
    }
    if (sent > 0) this.waiting.splice(0, sent);
    if (this.isHungry) this.events.onRoom();
  }

  private nextReceiver(): Receiver | null {
    for (let tried = 0; tried < this.receivers.length; tried += 1) {
      this.turn = (this.turn + 1) % this.receivers.length;
      const receiver = this.receivers[this.turn];
      if (receiver && receiver.freeSlots > 0) return receiver;
    }
    return null;
  }

  private send(receiver: Receiver, unit: Unit): void {
    receiver.deliver(unit.receipt, unit.messageId, (answer) => {
      if (unit.isDone) return;
      if (answer.kind === "response") {
        unit.isDone = true;
        this.answered(unit, answer.pdu.command_status === 0);
      } else if (answer.kind === "unsent" && receiver.freeSlots > 0) {
        // It cannot be written as a PDU, now or later.
        log.error({ messageId: unit.messageId, why: answer.why }, "a receipt cannot be told");
        unit.isDone = true;
        this.answered(unit, true);
      } else {
        told.lost += 1;
        this.giveBack(unit);
      }
    });
  }

  private answered({ receipt, row }: Unit, isTaken: boolean): void {
    told[isTaken ? "confirmed" : "refused"] += 1;
    row.left -= 1;
    row.isRefused ||= !isTaken;
    if (row.left === 0 && this.inHand.has(receipt.id)) {
      this.leaving.add(receipt.id);
      if (row.isRefused) {
        this.events.onRefused(receipt, Math.min(mostRetryMs, firstRetryMs * 2 ** Math.min(receipt.attempts, 20)));
      } else this.events.onConfirmed(receipt);
    }
    this.pump();
  }

  /** Not confirmed, and maybe with the client all the same: told again, before those that follow it. */
  private giveBack(unit: Unit): void {
    if (!this.inHand.has(unit.receipt.id)) return;
    this.waiting.push(unit);
    this.isOutOfOrder = true;
  }
}
