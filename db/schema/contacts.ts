/** Contacts: uploaded recipient lists with their rejected rows, and opt-outs. */
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

export const recipientLists = pgTable(
  "recipient_lists",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    fileName: text().notNull(),
    status: text({ enum: ["importing", "ready", "failed"] }).notNull(),
    failure: text(),
    /** Names of the columns kept as variables, in the file's order. */
    fields: text().array().notNull(),
    rowCount: integer().notNull().default(0),
    acceptedCount: integer().notNull().default(0),
    invalidCount: integer().notNull().default(0),
    duplicateCount: integer().notNull().default(0),
    optedOutCount: integer().notNull().default(0),
    createdBy: uuid(),
    createdAt: createdAt(),
    /** The upload that may write rows: a newer upload of the same list takes it over, and the older one stops. */
    attemptId: uuid(),
    /** Last time a batch of rows was stored: an import that stands still was cut off. */
    progressAt: moment(),
    finishedAt: moment(),
  },
  (t) => [
    index("recipient_lists_tenant_idx").on(t.tenantId, t.id),
    check("recipient_lists_status_known", sql`${t.status} in ('importing','ready','failed')`),
  ],
);

export const recipients = pgTable(
  "recipients",
  {
    /** Of a list that exists, and goes with it: by triggers for whole statements, a foreign key looks at every row. */
    listId: uuid().notNull(),
    /** 1, 2, 3 … among the accepted rows: a campaign expands by it, and message ids are derived from it. */
    ordinal: integer().notNull(),
    tenantId: uuid().notNull(),
    /** E.164 without the plus sign. */
    msisdn: text().notNull(),
    operatorId: text(),
    fields: jsonb().$type<Record<string, string>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.listId, t.ordinal] })],
);

export const rejectedRows = pgTable(
  "rejected_rows",
  {
    listId: uuid()
      .notNull()
      .references(() => recipientLists.id, { onDelete: "cascade" }),
    /** Line of the data row in the file, the header being row 1. */
    rowNumber: integer().notNull(),
    tenantId: uuid().notNull(),
    value: text().notNull(),
    reason: text({ enum: ["invalid", "duplicate", "opted_out", "unknown_operator", "malformed"] }).notNull(),
    detail: text(),
  },
  (t) => [primaryKey({ columns: [t.listId, t.rowNumber] })],
);

export const optOuts = pgTable(
  "opt_outs",
  {
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    msisdn: text().notNull(),
    source: text({ enum: ["console", "file", "api", "reply"] }).notNull(),
    note: text(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.msisdn] })],
);
