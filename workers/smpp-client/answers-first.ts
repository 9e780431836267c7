/** Keeps receipts back until the answers that they belong to are written: both are written at the same time otherwise. */
import type { IncomingReceipt, MessageResult } from "#server/domain/delivery/work.ts";
import { isVariantOf, normaliseCarrierId } from "#server/domain/messages/carrier-id.ts";

export class AnswersFirst<T extends { receipt: Pick<IncomingReceipt, "carrierId"> }> {
  /** Carrier ids of answers that came and are not written yet; an id may come twice. */
  private readonly unwritten = new Map<string, number>();
  private held: T[] = [];

  constructor(private readonly pass: (item: T) => void) {}

  get heldCount(): number {
    return this.held.length;
  }

  /** An answer came. */
  answered({ parts }: Pick<MessageResult, "parts">): void {
    for (const part of parts) {
      if (part.kind !== "accepted") continue;
      const id = normaliseCarrierId(part.carrierId);
      this.unwritten.set(id, (this.unwritten.get(id) ?? 0) + 1);
    }
  }

  /** These answers are in the database, or never will be: receipts that waited for them go on. */
  written(results: readonly Pick<MessageResult, "parts">[]): void {
    for (const { parts } of results) {
      for (const part of parts) {
        if (part.kind !== "accepted") continue;
        const id = normaliseCarrierId(part.carrierId);
        const count = this.unwritten.get(id) ?? 0;
        if (count > 1) this.unwritten.set(id, count - 1);
        else this.unwritten.delete(id);
      }
    }
    if (this.held.length === 0) return;
    for (const item of this.held.splice(0)) this.add(item);
  }

  /** A receipt came. One that is ahead of its answer is passed on: it is parked until the answer comes. */
  add(item: T): void {
    if (this.unwritten.size > 0 && isVariantOf(item.receipt.carrierId, this.unwritten)) this.held.push(item);
    else this.pass(item);
  }
}
