/** What the clients of a run know: what they asked for, what they were promised, and what they were told of it. */

export type Source = "http" | "smpp";

export class Book {
  /** Handset by message id. */
  readonly acknowledged = { http: new Map<string, string>(), smpp: new Map<string, string>() };
  /** Handsets of submits over SMPP that were never answered: nobody knows, and a client does not send them again. */
  readonly unanswered = new Set<string>();
  /** What came back as wrong, in the server's words. */
  readonly refused: string[] = [];
  /** Final states by message id, as callbacks and as SMPP receipts told them. */
  readonly callbacks = new Map<string, string>();
  readonly receipts = new Map<string, string>();
  /** Told again, or told otherwise than before. */
  readonly repeated = { requests: 0, submits: 0, callbacks: 0, receipts: 0 };
  readonly changed: string[] = [];

  acknowledge(source: Source, id: string, to: string): void {
    this.acknowledged[source].set(id, to);
  }

  get acknowledgedCount(): number {
    return this.acknowledged.http.size + this.acknowledged.smpp.size;
  }

  /** Whatever the answer was; a submit that will never be answered counts, too. */
  get answeredCount(): number {
    return this.acknowledgedCount + this.unanswered.size + this.refused.length;
  }

  tell(kind: "callbacks" | "receipts", id: string, state: string): void {
    const before = this[kind].get(id);
    if (before === undefined) this[kind].set(id, state);
    else {
      this.repeated[kind] += 1;
      if (before !== state) this.changed.push(`${kind} of ${id}: ${before}, then ${state}`);
    }
  }
}
