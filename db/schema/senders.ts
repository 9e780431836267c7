/** Sender names (brandnames): registered by a tenant, approved up the tree, required at sending. */
import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

export const senderStatuses = ["pending", "approved", "rejected", "revoked"] as const;

export const senders = pgTable(
  "senders",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    /** 3 to 11 characters of GSM 03.38 that carriers accept in an alphanumeric address (GSM 03.40 9.1.2.5). */
    name: text().notNull(),
    status: text({ enum: senderStatuses }).notNull().default("pending"),
    /** The ancestor whose decision is awaited next; null when decided. */
    reviewerTenantId: uuid(),
    purpose: text().notNull(),
    decisionReason: text(),
    createdBy: uuid(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex("senders_tenant_name_unique").on(t.tenantId, sql`lower(${t.name})`),
    index("senders_reviewer_idx").on(t.reviewerTenantId),
    check("senders_status_known", sql`${t.status} in ('pending','approved','rejected','revoked')`),
  ],
);

export const senderDecisions = pgTable(
  "sender_decisions",
  {
    id: id(),
    senderId: uuid()
      .notNull()
      .references(() => senders.id),
    /** The tenant that registered the name. */
    tenantId: uuid().notNull(),
    /** The tenant that decided. */
    deciderTenantId: uuid().notNull(),
    decision: text({ enum: ["approved", "rejected", "revoked"] }).notNull(),
    reason: text(),
    userId: uuid(),
    decidedAt: moment().notNull(),
  },
  (t) => [index("sender_decisions_sender_idx").on(t.senderId)],
);
