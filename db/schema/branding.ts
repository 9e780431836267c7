/** Branding: how a tenant's console, sign-in page and e-mails look, and the hosts they answer on. */
import { customType, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

export const brands = pgTable("brands", {
  tenantId: uuid()
    .primaryKey()
    .references(() => tenants.id),
  productName: text().notNull(),
  /** Always a PNG: uploads are decoded and encoded again, so that no script or metadata survives. */
  logoPng: bytea(),
  logoVersion: text(),
  /** #rrggbb, contrast with white or black checked in the verb. */
  primaryColor: text().notNull(),
  accentColor: text().notNull(),
  supportEmail: text(),
  emailFromName: text(),
  updatedAt: updatedAt(),
});

export const brandHosts = pgTable("brand_hosts", {
  /** Lower case, no port. */
  host: text().primaryKey(),
  tenantId: uuid()
    .notNull()
    .references(() => tenants.id),
  verifiedAt: moment(),
  createdAt: createdAt(),
});
