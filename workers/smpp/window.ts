/** The requests that wait for an answer: a bounded number of slots by sequence number, each with a deadline. */

/** Emptied when it is freed: a map that is written all the time leaves old tables behind, which keep what stood in them. */
type Slot<T> = { context: T | null; deadlineMs: number };
export type Taken<T> = { sequence: number; context: T };

/** Answers that come after their deadline still say whether the carrier took the message; so many are remembered. */
const lateLimit = 10_000;

export class Window<T> {
  /** In order of sending, so the oldest deadline is first. */
  private readonly slots = new Map<number, Slot<T>>();
  private readonly late = new Map<number, T>();

  constructor(
    public size: number,
    readonly timeoutMs: number,
  ) {}

  get used(): number {
    return this.slots.size;
  }
  get free(): number {
    return Math.max(0, this.size - this.slots.size);
  }

  /** A sequence number may be used again only when its first answer can no longer be confused with the second. */
  has(sequence: number): boolean {
    return this.slots.has(sequence);
  }

  take(sequence: number, context: T, nowMs: number): void {
    this.late.delete(sequence);
    this.slots.set(sequence, { context, deadlineMs: nowMs + this.timeoutMs });
  }

  /** Frees the slot. Null when nobody waits for this sequence number: an answer twice, or to nothing. */
  answer(sequence: number): { context: T; isLate: boolean } | null {
    const waiting = this.vacate(sequence);
    if (waiting !== null) return { context: waiting, isLate: false };
    const context = this.late.get(sequence);
    if (context === undefined) return null;
    this.late.delete(sequence);
    return { context, isLate: true };
  }

  /** Frees the slots whose time is over, and remembers them for late answers. */
  expire(nowMs: number): Taken<T>[] {
    const over: Taken<T>[] = [];
    for (const [sequence, slot] of this.slots) {
      if (slot.deadlineMs > nowMs) break;
      const context = this.vacate(sequence);
      if (context === null) continue;
      this.late.set(sequence, context);
      over.push({ sequence, context });
    }
    for (const sequence of this.late.keys()) {
      if (this.late.size <= lateLimit) break;
      this.late.delete(sequence);
    }
    return over;
  }

  /** What was never answered, when the connection is gone. */
  drain(): Taken<T>[] {
    const rest = [...this.slots].flatMap(([sequence, { context }]) =>
      context === null ? [] : [{ sequence, context }],
    );
    this.slots.clear();
    this.late.clear();
    return rest;
  }

  private vacate(sequence: number): T | null {
    const slot = this.slots.get(sequence);
    if (!slot) return null;
    this.slots.delete(sequence);
    const { context } = slot;
    slot.context = null;
    return context;
  }
}
