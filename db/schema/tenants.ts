/** Tenants: the tree aggregator → regional company → partner → sub-account, at any depth. */
import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";

export const tenantKinds = ["aggregator", "company", "partner", "subaccount"] as const;
export const tenantStatuses = ["active", "suspended"] as const;

export const tenants = pgTable(
  "tenants",
  {
    id: id(),
    parentId: uuid(),
    /** Root first, itself last: `ancestors @> ARRAY[x]` is "x or below". */
    ancestors: uuid().array().notNull(),
    kind: text({ enum: tenantKinds }).notNull(),
    name: text().notNull(),
    status: text({ enum: tenantStatuses }).notNull().default("active"),
    suspendReason: text(),
    suspendedAt: moment(),
    /** ISO 4217: what this tenant sells to its children in. */
    currency: text().notNull(),
    /** ISO 3166-1 alpha-2: default country of the numbers it uploads. */
    country: text().notNull(),
    /** IANA zone: the zone in which its people read times. */
    timeZone: text().notNull(),
    locale: text().notNull().default("en"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index("tenants_parent_idx").on(t.parentId),
    index("tenants_ancestors_idx").using("gin", t.ancestors),
    check("tenants_path_ends_in_self", sql`${t.ancestors}[cardinality(${t.ancestors})] = ${t.id}`),
    check("tenants_status_known", sql`${t.status} in ('active','suspended')`),
  ],
);
