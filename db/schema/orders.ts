/** Orders and price lists: what a seller agreed to deliver to a buyer one level below it, and at what prices. */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, micros, moment, updatedAt } from "#db/columns.ts";
import { trafficClasses } from "#db/schema/routing.ts";
import { tenants } from "#db/schema/tenants.ts";

export const orderStatuses = [
  "draft",
  "signed",
  "active",
  "nearly_used",
  "used_up",
  "expired",
  "closed",
  "cancelled",
] as const;

export const priceLists = pgTable(
  "price_lists",
  {
    id: id(),
    /** The seller. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    currency: text().notNull(),
    /** When a held charge becomes final. */
    postOn: text({ enum: ["accepted", "delivered"] }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index("price_lists_tenant_idx").on(t.tenantId)],
);

export const priceListItems = pgTable(
  "price_list_items",
  {
    id: id(),
    priceListId: uuid()
      .notNull()
      .references(() => priceLists.id, { onDelete: "cascade" }),
    tenantId: uuid().notNull(),
    country: text().notNull(),
    /** Null = every operator of the country that has no line of its own. */
    operatorId: text(),
    trafficClass: text({ enum: trafficClasses }).notNull(),
    unitPriceMicros: micros().notNull(),
  },
  (t) => [
    uniqueIndex("price_list_items_unique").on(
      t.priceListId,
      t.country,
      sql`coalesce(${t.operatorId}, '*')`,
      t.trafficClass,
    ),
    check("price_list_items_not_negative", sql`${t.unitPriceMicros} >= 0`),
  ],
);

export const orders = pgTable(
  "orders",
  {
    id: id(),
    /** Human number, unique per seller, for example HN-2026-0004. */
    number: text().notNull(),
    sellerId: uuid()
      .notNull()
      .references(() => tenants.id),
    buyerId: uuid()
      .notNull()
      .references(() => tenants.id),
    priceListId: uuid()
      .notNull()
      .references(() => priceLists.id),
    kind: text({ enum: ["prepaid", "postpaid"] }).notNull(),
    currency: text().notNull(),
    /** Copied from the price list at signing. */
    postOn: text({ enum: ["accepted", "delivered"] }).notNull(),
    /** Prepaid: the amount paid in. Postpaid: the credit limit. Null = bounded by parts only. */
    amountMicros: micros(),
    /** Null = bounded by amount only. */
    partsLimit: micros(),
    validFrom: moment().notNull(),
    validUntil: moment().notNull(),
    /** Null = every approved sender name of the buyer's subtree. */
    senderNames: text().array(),
    nearlyUsedPercent: integer().notNull().default(80),
    status: text({ enum: orderStatuses }).notNull().default("draft"),
    note: text(),
    signedAt: moment(),
    activatedAt: moment(),
    endedAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex("orders_seller_number_unique").on(t.sellerId, t.number),
    index("orders_buyer_idx").on(t.buyerId, t.validUntil),
    check("orders_bounded", sql`${t.amountMicros} is not null or ${t.partsLimit} is not null`),
    check("orders_positive", sql`coalesce(${t.amountMicros}, 1) > 0 and coalesce(${t.partsLimit}, 1) > 0`),
    check("orders_validity", sql`${t.validUntil} > ${t.validFrom}`),
    check("orders_between_two", sql`${t.sellerId} <> ${t.buyerId}`),
    check(
      "orders_status_known",
      sql`${t.status} in ('draft','signed','active','nearly_used','used_up','expired','closed','cancelled')`,
    ),
  ],
);
