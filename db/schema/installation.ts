/** The installation itself: what it must find again at the next start. */
import { integer, pgTable, text } from "drizzle-orm/pg-core";

/** One row: a known text, sealed. Whoever cannot open it holds another key than the secrets were sealed with. */
export const keyChecks = pgTable("key_checks", {
  id: integer().primaryKey(),
  sealed: text().notNull(),
});
