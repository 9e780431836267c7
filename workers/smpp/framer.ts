/** Cuts a TCP stream into PDUs by command_length. Bounded: it never holds more than one PDU of the largest size. */
import { type Bytes, headerBytes, maxPduBytes } from "#workers/smpp/pdu.ts";

const lengthBytes = 4;
/** A peer that sends octet by octet would hold a buffer for each. */
const mostChunks = 64;

/** After a broken frame nothing that follows can be trusted: the only way on is a new connection. */
export type Frames = { pdus: Bytes[]; broken: string | null };

export class Framer {
  /** What is no whole PDU yet; joined when it is one. */
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
    if (this.broken) return { pdus: [], broken: this.broken };
    if (this.held === 0) return this.cut(chunk);
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) {
      if (this.chunks.length >= mostChunks) this.chunks = [Buffer.concat(this.chunks)];
      return { pdus: [], broken: null };
    }
    return this.cut(Buffer.concat(this.chunks));
  }

  /** @param bytes all that is in hand */
  private cut(bytes: Bytes): Frames {
    const pdus: Bytes[] = [];
    let offset = 0;
    this.wanted = 0;
    while (bytes.length - offset >= lengthBytes) {
      const length = bytes.readUInt32BE(offset);
      if (length < headerBytes || length > maxPduBytes) return { pdus, broken: this.breakAt(length) };
      this.wanted = length;
      if (bytes.length - offset < length) break;
      pdus.push(bytes.subarray(offset, offset + length));
      offset += length;
      this.wanted = 0;
    }
    this.held = bytes.length - offset;
    this.chunks = this.held > 0 ? [bytes.subarray(offset)] : [];
    return { pdus, broken: null };
  }

  private breakAt(length: number): string {
    this.broken = `command_length ${length} is not between ${headerBytes} and ${maxPduBytes}`;
    this.chunks = [];
    this.held = 0;
    return this.broken;
  }
}
