/** What clients are still to be told of their messages: the durable queue behind their SMPP binds and their webhooks. */
import { sql } from "drizzle-orm";
import { index, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { id, moment } from "#db/columns.ts";

/** Narrow, short-lived rows: gone when the receiver has confirmed. What the receipt says is read from its message. */
export const outgoingReceipts = pgTable(
  "outgoing_receipts",
  {
    /** UUIDv7: receivers are told in the order of these. */
    id: id(),
    tenantId: uuid().notNull(),
    channel: text({ enum: ["smpp", "webhook"] }).notNull(),
    /** The SMPP account or the webhook endpoint. */
    receiverId: uuid().notNull(),
    messageId: uuid().notNull(),
    /** The message's status when the row was made, and why. */
    status: text().notNull(),
    errorCode: text(),
    at: moment().notNull(),
    attempts: smallint().notNull().default(0),
    readyAt: moment().notNull(),
    /** Null = free. Otherwise the worker that may have told the receiver. */
    leaseOwner: text(),
    leasedAt: moment(),
  },
  (t) => [
    index("outgoing_receipts_free_idx").on(t.receiverId, t.id).where(sql`lease_owner is null`),
    index("outgoing_receipts_leased_idx").on(t.leaseOwner).where(sql`lease_owner is not null`),
  ],
);
