/** Moderation: policy per tenant (inherited, only ever stricter downwards), keyword filters, and the queue of cases. */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

/** In order of strictness. */
export const moderationModes = ["off", "filters", "always"] as const;

export const moderationPolicies = pgTable("moderation_policies", {
  tenantId: uuid()
    .primaryKey()
    .references(() => tenants.id),
  mode: text({ enum: moderationModes }).notNull(),
  updatedAt: updatedAt(),
});

export const keywordFilters = pgTable(
  "keyword_filters",
  {
    id: id(),
    /** Applies to this tenant and everything below it. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    /** Words, matched after folding case, accents, spacing and look-alike characters. */
    phrase: text().notNull(),
    action: text({ enum: ["review", "block"] }).notNull(),
    createdBy: uuid(),
    createdAt: createdAt(),
  },
  (t) => [index("keyword_filters_tenant_idx").on(t.tenantId)],
);

export const moderationCases = pgTable(
  "moderation_cases",
  {
    id: id(),
    /** Whose content it is. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    subjectType: text({ enum: ["campaign", "batch"] }).notNull(),
    subjectId: uuid().notNull().unique(),
    senderName: text().notNull(),
    sampleText: text().notNull(),
    recipientCount: integer().notNull().default(1),
    /** Why it is here: the policy, or the phrase that matched. */
    cause: text().notNull(),
    /** The tenant whose policy asked for a decision: it, or an ancestor of it, decides. */
    policyTenantId: uuid().notNull(),
    status: text({ enum: ["open", "approved", "rejected", "withdrawn"] })
      .notNull()
      .default("open"),
    decidedBy: uuid(),
    decidedByTenantId: uuid(),
    decisionReason: text(),
    decidedAt: moment(),
    createdAt: createdAt(),
  },
  (t) => [
    index("moderation_cases_tenant_idx").on(t.tenantId, t.id),
    index("moderation_cases_open_idx").on(t.policyTenantId, t.id).where(sql`status = 'open'`),
    check("moderation_cases_status_known", sql`${t.status} in ('open','approved','rejected','withdrawn')`),
  ],
);
