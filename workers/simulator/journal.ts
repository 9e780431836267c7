/** What the simulator promised, on disk before it promises: a carrier that crashes still owes its receipts. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import type { ReceiptState } from "#workers/smpp/receipt.ts";

/** One accepted part and the receipt that it owes. */
export type Accepted = {
  id: number;
  account: string;
  /** The id as the answer gives it, and as the receipt does. */
  carrierId: string;
  receiptId: string;
  msisdn: string;
  sender: string;
  digest: string;
  text: string;
  reference: number | null;
  part: number;
  total: number;
  atMs: number;
  state: ReceiptState | null;
  errorCode: string;
  receiptAtMs: number;
  copies: number;
};

const maxBytes = 64 * 1_048_576;

export class Journal {
  private file: number | null = null;

  /** @param filePath null keeps nothing */
  constructor(private readonly filePath: string | null) {}

  /** Everything accepted, and which of it still owes its receipt. A file grown large is started anew without the rest. */
  open(): { accepted: Accepted[]; owed: Set<number> } {
    const accepted: Accepted[] = [];
    const owed = new Set<number>();
    if (!this.filePath) return { accepted, owed };
    mkdirSync(path.dirname(this.filePath), { recursive: true });
    for (const line of existsSync(this.filePath) ? readFileSync(this.filePath, "utf8").split("\n") : []) {
      const entry = read(line);
      if (entry === null) continue;
      if (typeof entry === "number") owed.delete(entry);
      else {
        accepted.push(entry);
        if (entry.state) owed.add(entry.id);
      }
    }
    if (existsSync(this.filePath) && statSync(this.filePath).size > maxBytes) {
      this.rewrite(accepted.filter((entry) => owed.has(entry.id)));
    } else {
      this.file = openSync(this.filePath, "a");
      // A crash may have left half a line.
      writeSync(this.file, "\n");
    }
    return { accepted, owed };
  }

  accepted(entry: Accepted): void {
    if (this.file !== null) writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  confirmed(id: number): void {
    if (this.file !== null) writeSync(this.file, `${id}\n`);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private rewrite(entries: Accepted[]): void {
    if (!this.filePath) return;
    const next = `${this.filePath}.next`;
    this.file = openSync(next, "w");
    for (const entry of entries) this.accepted(entry);
    renameSync(next, this.filePath);
  }
}

/** A line cut off by a crash is one that was never answered. */
function read(line: string): Accepted | number | null {
  if (/^\d+$/.test(line)) return Number(line);
  try {
    return line ? (JSON.parse(line) as Accepted) : null;
  } catch {
    return null;
  }
}
