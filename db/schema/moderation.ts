/** Moderation: policy per tenant (inherited, only ever stricter downwards), keyword filters, and the queue of cases. */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

/** In order of strictness. */
export const moderationModes = ["off", "filters", "always"] as const;

/** What each tenant says of itself. */
export const moderationPolicies = pgTable("moderation_policies", {
  tenantId: uuid()
    .primaryKey()
    .references(() => tenants.id),
  mode: text({ enum: moderationModes }).notNull(),
  updatedAt: updatedAt(),
});

/**
 * What tenants above have set on one tenant: a floor for it and for everything below it, which only they can lower. Each
 * of them has a word of its own, so that one in the middle cannot loosen what one further up has set.
 */
export const moderationFloors = pgTable(
  "moderation_floors",
  {
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    /** A tenant above. */
    setByTenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    mode: text({ enum: moderationModes }).notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.setByTenantId] })],
);

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
    /** It, or a tenant above, takes the filter away; null (older rows) = the tenant itself. */
    setByTenantId: uuid(),
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
