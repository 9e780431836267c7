/** How many recipients the next chunk takes: as many as its transaction writes in a bounded time. Pure. */

/**
 * A pause or a stop waits for a chunk's end, and one-time codes want its processor as well; but what workers claim, and
 * with it what they write, comes in chunks too.
 */
const targetMs = 75;
const [least, most] = [50, 2_000];

/** Follows the machine in small steps, so that one slow commit changes little. */
export class ChunkPace {
  rows = 500;

  /** @param rows of a chunk that took so long; a short last one says nothing */
  note(rows: number, tookMs: number): void {
    if (rows < this.rows / 2) return;
    const fitting = (rows * targetMs) / Math.max(1, tookMs);
    const next = (this.rows + Math.min(2 * this.rows, Math.max(this.rows / 2, fitting))) / 2;
    this.rows = Math.round(Math.min(most, Math.max(least, next)));
  }
}
