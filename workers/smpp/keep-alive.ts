/** A peer that says nothing for one interval is asked; one that is silent for two is dead, whatever TCP believes. */

export type KeepAliveOptions = {
  enquireLinkMs: number;
  responseTimeoutMs: number;
  /** Asks the peer for a sign of life. */
  ask(): void;
  onDead(): void;
};

export class KeepAlive {
  /** Unix milliseconds of the peer's last octets. */
  heardAtMs = Date.now();
  private isProbing = false;

  constructor(private readonly options: KeepAliveOptions) {}

  heard(): void {
    this.heardAtMs = Date.now();
    this.isProbing = false;
  }

  /** Reading stopped because we are behind: that says nothing about the peer. */
  excuse(): void {
    this.heardAtMs = Date.now();
  }

  /** @param isBound only then a peer is asked */
  look(isBound: boolean): void {
    const silentMs = Date.now() - this.heardAtMs;
    const { enquireLinkMs, responseTimeoutMs } = this.options;
    if (this.isProbing && silentMs >= enquireLinkMs + Math.min(enquireLinkMs, responseTimeoutMs)) {
      this.options.onDead();
    } else if (!this.isProbing && isBound && silentMs >= enquireLinkMs) {
      this.isProbing = true;
      this.options.ask();
    }
  }
}
