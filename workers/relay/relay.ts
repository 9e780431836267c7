/** Starts the loops and wakes the first one when a transaction with events commits. */
import type { Database } from "#db/client.ts";
import type { SendEvents } from "./forward.ts";
import { startLoop } from "./loop.ts";
import { loops } from "./loops.ts";

export type Relay = {
  /** False while events cannot be handed over. */
  isHealthy(): boolean;
  /** False when a pass does not end: neither well nor with an error. */
  isLive(): boolean;
  close(): Promise<void>;
};

/** Much longer than any pass and its pause. */
const standstillMs = 60_000;

export async function startRelay(db: Database, send: SendEvents, now: () => Date, ownerUrl?: string): Promise<Relay> {
  const work = loops(db, send, now, ownerUrl);
  const outbox = startLoop(work.outbox);
  const housekeeping = work.housekeeping.map(startLoop);
  const { unlisten } = await db.sql.listen("outbox", outbox.wake);
  return {
    isHealthy: outbox.isHealthy,
    isLive: () => outbox.silentMs() < standstillMs,
    close: async () => {
      await Promise.all([outbox, ...housekeeping].map((loop) => loop.stop()));
      await unlisten();
    },
  };
}
