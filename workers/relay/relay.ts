/** Starts the loops and wakes the first one when a transaction with events commits. */
import type { Database } from "#db/client.ts";
import type { SendEvents } from "./forward.ts";
import { startLoop } from "./loop.ts";
import { loops } from "./loops.ts";

export type Relay = {
  /** False while events cannot be handed over. */
  isHealthy(): boolean;
  close(): Promise<void>;
};

export async function startRelay(db: Database, send: SendEvents, now: () => Date): Promise<Relay> {
  const work = loops(db, send, now);
  const outbox = startLoop(work.outbox);
  const housekeeping = work.housekeeping.map(startLoop);
  const { unlisten } = await db.sql.listen("outbox", outbox.wake);
  return {
    isHealthy: outbox.isHealthy,
    close: async () => {
      await Promise.all([outbox, ...housekeeping].map((loop) => loop.stop()));
      await unlisten();
    },
  };
}
