/** Cuts a TCP stream into PDUs by command_length. Bounded: it never holds more than one PDU of the largest size. */
import { type Bytes, maxPduBytes } from "#workers/smpp/pdu.ts";

const minPduBytes = 16;

/** After a broken frame nothing that follows can be trusted: the only way on is a new connection. */
export type Frames = { pdus: Bytes[]; broken: string | null };

export class Framer {
  private chunks: Bytes[] = [];
  private held = 0;
  /** command_length of the PDU under way, 0 when not yet known. */
  private wanted = 0;
  private broken: string | null = null;

  /** Bytes in hand that are no whole PDU yet. */
  get pendingBytes(): number {
    return this.held;
  }

  push(chunk: Bytes): Frames {
    const pdus: Bytes[] = [];
    if (this.broken) return { pdus, broken: this.broken };
    this.chunks.push(chunk);
    this.held += chunk.length;
    while (this.readLength() && this.held >= this.wanted) pdus.push(this.cut());
    return { pdus, broken: this.broken };
  }

  private readLength(): boolean {
    if (this.wanted > 0) return true;
    if (this.held < 4) return false;
    const length = this.whole().readUInt32BE(0);
    if (length < minPduBytes || length > maxPduBytes) {
      this.broken = `command_length ${length} is not between ${minPduBytes} and ${maxPduBytes}`;
      this.chunks = [];
      this.held = 0;
      return false;
    }
    this.wanted = length;
    return true;
  }

  private cut(): Bytes {
    const whole = this.whole();
    const pdu = whole.subarray(0, this.wanted);
    const rest = whole.subarray(this.wanted);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.held = rest.length;
    this.wanted = 0;
    return pdu;
  }

  private whole(): Bytes {
    const [first] = this.chunks;
    if (first && this.chunks.length === 1) return first;
    const joined = Buffer.concat(this.chunks);
    this.chunks = [joined];
    return joined;
  }
}
