/** Audit log (append-only by trigger) and the outbox that carries events out of the transaction that made them. */
import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "#db/columns.ts";

export const auditLog = pgTable(
  "audit_log",
  {
    id: id(),
    tenantId: uuid().notNull(),
    actorType: text({ enum: ["user", "apiKey", "bind", "job"] }).notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    /** verb in the form room.verb, for example orders.sign */
    action: text().notNull(),
    subjectType: text().notNull(),
    subjectId: text().notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
    requestId: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("audit_log_tenant_idx").on(t.tenantId, t.id), index("audit_log_subject_idx").on(t.subjectId)],
);

export const outbox = pgTable(
  "outbox",
  {
    id: id(),
    tenantId: uuid().notNull(),
    name: text().notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
    sentAt: moment(),
  },
  (t) => [index("outbox_unsent_idx").on(t.id).where(sql`sent_at is null`)],
);
