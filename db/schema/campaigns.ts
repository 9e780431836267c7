/** Campaigns: one text to a list of recipients, from draft to the last receipt. */
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { recipientLists } from "#db/schema/contacts.ts";
import { trafficClasses } from "#db/schema/routing.ts";
import { senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";

export const campaignStatuses = [
  "draft",
  "in_review",
  "rejected",
  "scheduled",
  "running",
  "paused",
  "held",
  "sending",
  "completed",
  "stopped",
] as const;

export const campaigns = pgTable(
  "campaigns",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    senderId: uuid().references(() => senders.id),
    listId: uuid().references(() => recipientLists.id),
    trafficClass: text({ enum: trafficClasses }).notNull().default("bulk"),
    /** Text with {{variables}} named after columns of the list. */
    template: text().notNull().default(""),
    status: text({ enum: campaignStatuses }).notNull().default("draft"),
    /** Why it is held, rejected or stopped. */
    statusReason: text(),
    scheduledAt: moment(),
    /** IANA zone in which the schedule was chosen. */
    timeZone: text(),
    launchedAt: moment(),
    finishedAt: moment(),
    recipientCount: integer().notNull().default(0),
    /** Recipients up to this ordinal were handed to submit. */
    expandedTo: integer().notNull().default(0),
    refusedCount: integer().notNull().default(0),
    /** The sender's own quote at submission. */
    quote: jsonb().$type<Record<string, unknown>>(),
    createdBy: uuid(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index("campaigns_tenant_idx").on(t.tenantId, t.id),
    index("campaigns_open_idx").on(t.status).where(sql`status in ('running','held','sending')`),
    check(
      "campaigns_status_known",
      sql`${t.status} in ('draft','in_review','rejected','scheduled','running','paused','held','sending','completed','stopped')`,
    ),
  ],
);

/** Recipients that submit refused, each with its reason. */
export const campaignRefusals = pgTable(
  "campaign_refusals",
  {
    campaignId: uuid()
      .notNull()
      .references(() => campaigns.id),
    ordinal: integer().notNull(),
    tenantId: uuid().notNull(),
    msisdn: text().notNull(),
    code: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.ordinal] })],
);
