/** The web process's one pool of connections, kept on globalThis: Next loads modules more than once. */
import { connect, type Database } from "#db/client.ts";
import { env } from "#env.ts";
import { type Clock, systemClock } from "#server/kernel/clock.ts";

const holder = globalThis as typeof globalThis & { webDatabase?: Database };

/** Opened at the first use, so that a build needs no database. */
export function webDatabase(): Database {
  holder.webDatabase ??= connect({
    url: env.DATABASE_URL,
    directUrl: env.DATABASE_DIRECT_URL,
    poolSize: env.DATABASE_POOL,
    name: "web",
  });
  return holder.webDatabase;
}

/** What a verb needs before anybody is signed in. */
export function base(): { db: Database; clock: Clock } {
  return { db: webDatabase(), clock: systemClock };
}
