/** Writes to a socket once a tick, however many PDUs the tick made, and stops reading from a peer that does not read. */
import type { Socket } from "node:net";

/** A peer that lets this much pile up is not read from until it has taken some. */
const highWaterBytes = 1_048_576;

export class SocketWriter {
  private pending: Buffer[] = [];
  /** Sequence numbers whose bytes the socket does not have yet: if it dies now, they certainly were not sent. */
  private waiting: number[] = [];
  private isScheduled = false;
  private mayRead = true;
  private isClogged = false;

  constructor(private readonly socket: Socket) {
    socket.on("drain", () => {
      this.isClogged = false;
      this.applyReading();
    });
  }

  write(bytes: Buffer, sequence?: number): void {
    this.pending.push(bytes);
    if (sequence !== undefined) this.waiting.push(sequence);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.flush());
  }

  wasHandedOver(sequence: number): boolean {
    return !this.waiting.includes(sequence);
  }

  setReading(mayRead: boolean): void {
    if (this.mayRead === mayRead) return;
    this.mayRead = mayRead;
    this.applyReading();
  }

  /** Hands over the last bytes that are no request (a nack, an unbind_resp) and ends; the socket is gone a second later. */
  end(lingerMs = 0): void {
    if (this.waiting.length > 0) this.pending = [];
    this.flush();
    if (this.socket.destroyed) return;
    if (lingerMs === 0) this.socket.end();
    else setTimeout(() => this.socket.end(), lingerMs).unref();
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), lingerMs + 1_000).unref();
  }

  private flush(): void {
    this.isScheduled = false;
    const [first] = this.pending;
    if (!first || this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(this.pending.length === 1 ? first : Buffer.concat(this.pending));
    this.pending = [];
    this.waiting = [];
    if (this.socket.writableLength > highWaterBytes) {
      this.isClogged = true;
      this.applyReading();
    }
  }

  private applyReading(): void {
    if (this.mayRead && !this.isClogged) this.socket.resume();
    else this.socket.pause();
  }
}
