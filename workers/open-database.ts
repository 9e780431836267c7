/** The database as a process of the data plane opens it. */
import { connect, type Database } from "#db/client.ts";
import { env } from "#env.ts";

/** @param name by which Postgres and its logs know the process */
export const openDatabase = (name: string): Database =>
  connect({
    url: env.DATABASE_URL,
    directUrl: env.DATABASE_DIRECT_URL,
    poolSize: env.DATABASE_POOL,
    name,
    genericPlans: true,
  });
