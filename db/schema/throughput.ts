/** How fast tenants may send: contracts, who uses them where at this moment, and what waits for carriers. */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, real, smallint, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, moment, updatedAt } from "#db/columns.ts";
import { connectors } from "#db/schema/routing.ts";
import { tenants } from "#db/schema/tenants.ts";

/** What a tenant and everything below it may send. No row is the same as the defaults. */
export const contracts = pgTable(
  "contracts",
  {
    tenantId: uuid()
      .primaryKey()
      .references(() => tenants.id),
    setByTenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    /** Messages per second that it gets whenever it has enough waiting. */
    reservedPerSecond: integer().notNull().default(0),
    /** Messages per second, accepted and sent; null = as fast as it goes. */
    maxPerSecond: integer(),
    /** Its part of what nobody reserved, against its siblings'. */
    weight: smallint().notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    check(
      "contracts_bounds",
      sql`${t.reservedPerSecond} between 0 and 100000 and ${t.weight} between 1 and 100 and ${t.maxPerSecond} between 1 and 100000 and ${t.maxPerSecond} >= ${t.reservedPerSecond}`,
    ),
  ],
);

/** Processes that let traffic through now, and how much each has for whom: they divide contracts by it. */
export const contractUses = pgTable(
  "contract_uses",
  {
    owner: text().notNull(),
    /** Accepted from clients, or sent to carriers. */
    side: text({ enum: ["in", "out"] }).notNull(),
    /** Of the nil tenant: that the process lives. */
    tenantId: uuid().notNull(),
    perSecond: real().notNull(),
    expiresAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.owner, t.side, t.tenantId] })],
);

/** What waited at the last look, so that no reader counts the queue. */
export const queueDepths = pgTable(
  "queue_depths",
  {
    tenantId: uuid().notNull(),
    connectorId: uuid().notNull(),
    lane: smallint().notNull(),
    waiting: integer().notNull(),
    /** Of them, paused or in review. */
    held: integer().notNull(),
    /** Of them, not to go before a time. */
    scheduled: integer().notNull(),
    /** Since when the first of those that may go now has been ready. */
    oldestAt: moment(),
    /** Until the last of those that may go now is gone, at the present speed; null = nothing goes. */
    drainSeconds: real(),
    sampledAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.connectorId, t.lane] })],
);

/** How fast a connector sends at this moment, as the worker that drives it sees it. */
export const connectorRates = pgTable(
  "connector_rates",
  {
    connectorId: uuid()
      .primaryKey()
      .references(() => connectors.id, { onDelete: "cascade" }),
    tenantId: uuid().notNull(),
    /** Messages that the carrier took, over the last seconds. */
    perSecond: real().notNull(),
    seenAt: moment().notNull(),
  },
  (t) => [index("connector_rates_tenant_idx").on(t.tenantId)],
);
