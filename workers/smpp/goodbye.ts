/** The peer says goodbye, with an unbind or by ending its side, while it has answers of ours to come. */
import type { Pdu } from "#workers/smpp/pdu.ts";

/**
 * Nothing new is taken or sent meanwhile. What the peer asked for before is answered first, since a client that gets no
 * answer sends its messages again; then its unbind (SMPP 3.4 section 4.2), at the latest after the time that answers may
 * take.
 */
export class Goodbye {
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param unbind null when the peer just ended its side
   * @param onEnd called once, when nothing is left to answer but the unbind
   */
  constructor(
    private readonly unbind: Pdu | null,
    mostMs: number,
    private readonly onEnd: () => void,
  ) {
    this.timer = setTimeout(() => this.end(), mostMs);
  }

  /** @param unanswered requests of the peer that wait for an answer, its unbind included */
  answered(unanswered: number): void {
    if (unanswered <= (this.unbind ? 1 : 0)) this.end();
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private end(): void {
    if (!this.timer) return;
    this.cancel();
    this.onEnd();
  }
}
