/** What went over the wire, in compressed blocks by time: written beside the traffic, read when somebody asks why. */
import { customType, integer, pgTable, smallint, text } from "drizzle-orm/pg-core";
import { id } from "#db/columns.ts";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** No index but the id: a block is found by its moment, and what is in it by looking. Scoped by the messages that ask. */
export const wireBlocks = pgTable("wire_blocks", {
  /** UUIDv7 of the moment at which the block was closed: what it holds is at most a few seconds older. */
  id: id(),
  /** The process that wrote it. */
  worker: text().notNull(),
  /** Which kinds of exchange are in it, a bit each, see server/domain/traces/exchange.ts. */
  kinds: smallint().notNull(),
  exchanges: integer().notNull(),
  /** Deflated, see server/domain/traces/exchange.ts. */
  bytes: bytea().notNull(),
});
