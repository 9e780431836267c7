/** Notifications: every e-mail is a row first; it is sent by SMTP when there is one, and readable in the console always. */
import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

export const emails = pgTable(
  "emails",
  {
    id: id(),
    /** The tenant in whose name it is sent. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    kind: text().notNull(),
    toAddress: text().notNull(),
    subject: text().notNull(),
    html: text().notNull(),
    text: text().notNull(),
    /** kept = no SMTP_URL is set: readable in the console only. */
    status: text({ enum: ["queued", "sent", "kept", "failed"] }).notNull(),
    attempts: integer().notNull().default(0),
    lastError: text(),
    /** The same notice is written once. */
    dedupeKey: text().notNull().unique(),
    createdAt: createdAt(),
    sentAt: moment(),
  },
  (t) => [index("emails_tenant_idx").on(t.tenantId, t.id), index("emails_age_idx").on(t.createdAt)],
);
