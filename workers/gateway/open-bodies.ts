/** Bodies that are still arriving: so many from one address, and each must keep coming. */
import type { IncomingMessage } from "node:http";

export type BodyLimits = {
  /** Bodies under way at the same time. A form's is under way for a moment, an upload's for a while. */
  perAddress: number;
  /** From one piece to the next, while we are reading. */
  idleMs: number;
};

const defaultLimits: BodyLimits = { perAddress: 100, idleMs: 30_000 };

export class OpenBodies {
  private readonly limits: BodyLimits;
  private readonly byAddress = new Map<string, number>();

  constructor(limits: Partial<BodyLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
  }

  /**
   * Counts the request's body until it has arrived or broken off.
   * @param onIdle called once when the sender has stopped sending
   * @returns false when the address has too many under way: then nothing is counted
   */
  admit(request: IncomingMessage, address: string, onIdle: () => void): boolean {
    const others = this.byAddress.get(address) ?? 0;
    if (others >= this.limits.perAddress) return false;
    this.byAddress.set(address, others + 1);
    const idle = setTimeout(() => {
      // Held back by us, because the web process reads slowly: the sender cannot help it.
      if (request.readableFlowing === false) idle.refresh();
      else onIdle();
    }, this.limits.idleMs);
    request.on("data", () => idle.refresh());
    let isOpen = true;
    const end = () => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(idle);
      this.leave(address);
    };
    request.once("end", end);
    request.once("close", end);
    return true;
  }

  private leave(address: string): void {
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }
}
