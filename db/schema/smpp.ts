/** SMPP accounts of clients, who is bound with them now, and parts of long messages that wait for the others. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { trafficClasses } from "#db/schema/routing.ts";
import { tenants } from "#db/schema/tenants.ts";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

export const smppAccounts = pgTable(
  "smpp_accounts",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    /** One name space over all tenants: a bind names nothing else. */
    systemId: text().notNull(),
    /** Argon2id: eight octets are too few for a fast hash. */
    passwordHash: text().notNull(),
    /** CIDR list; empty = any address. */
    allowedIps: text().array().notNull(),
    maxBinds: integer().notNull().default(10),
    /** Unanswered requests of one bind before its socket is read no further. */
    windowSize: integer().notNull().default(100),
    /** Unanswered deliver_sm on one bind. */
    receiptWindow: integer().notNull().default(100),
    /** Submits per second over the binds of one server; 0 = unlimited. */
    maxPerSecond: integer().notNull().default(0),
    /** What data_coding 0 means. */
    defaultAlphabet: text({ enum: ["gsm7", "latin1"] })
      .notNull()
      .default("gsm7"),
    trafficClass: text({ enum: trafficClasses }).notNull().default("transactional"),
    /** What may override the class: nothing, the service_type, or the priority_flag. */
    classFrom: text({ enum: ["account", "service_type", "priority_flag"] })
      .notNull()
      .default("account"),
    /** The zone of the dates in receipts. */
    receiptZone: text({ enum: ["utc", "tenant"] })
      .notNull()
      .default("utc"),
    /** A bind on which only enquire_link passes for so long is closed; 0 = never. */
    inactivitySeconds: integer().notNull().default(0),
    status: text({ enum: ["enabled", "disabled"] })
      .notNull()
      .default("enabled"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex("smpp_accounts_system_id_unique").on(t.systemId),
    index("smpp_accounts_tenant_idx").on(t.tenantId, t.id),
    check(
      "smpp_accounts_bounds",
      sql`${t.maxBinds} between 1 and 100 and ${t.windowSize} between 1 and 2000 and ${t.receiptWindow} between 1 and 1000 and ${t.maxPerSecond} between 0 and 100000`,
    ),
  ],
);

/** Server processes that live: what one of them holds is free when its time is over. */
export const smppServers = pgTable("smpp_servers", {
  owner: text().primaryKey(),
  expiresAt: moment().notNull(),
});

/** Sessions that are bound now. */
export const smppBinds = pgTable(
  "smpp_binds",
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => smppAccounts.id, { onDelete: "cascade" }),
    tenantId: uuid().notNull(),
    owner: text().notNull(),
    mode: text({ enum: ["transmitter", "receiver", "transceiver"] }).notNull(),
    ip: text().notNull(),
    tls: boolean().notNull(),
    /** interface_version of the bind, 52 = 3.4, 80 = 5.0. */
    version: smallint().notNull(),
    since: moment().notNull(),
  },
  (t) => [index("smpp_binds_account_idx").on(t.accountId), index("smpp_binds_owner_idx").on(t.owner)],
);

/** One server tells an account of its receipts at a time, so that they go out once and in order. */
export const smppReceivers = pgTable("smpp_receivers", {
  accountId: uuid()
    .primaryKey()
    .references(() => smppAccounts.id, { onDelete: "cascade" }),
  tenantId: uuid().notNull(),
  owner: text().notNull(),
});

/** Parts that were acknowledged before the others came. */
export const smppParts = pgTable(
  "smpp_parts",
  {
    accountId: uuid()
      .notNull()
      .references(() => smppAccounts.id, { onDelete: "cascade" }),
    /** Sender, recipient and reference: what the parts of one message share. */
    groupKey: text().notNull(),
    messageId: uuid().notNull(),
    partNumber: smallint().notNull(),
    tenantId: uuid().notNull(),
    total: smallint().notNull(),
    bytes: bytea().notNull(),
    /** Whether a receipt was asked for with this part, SMPP 3.4 section 5.2.17. */
    receipt: smallint().notNull(),
    sender: text().notNull(),
    msisdn: text().notNull(),
    /** Set when the message will not be: the parts' receipts say so. */
    failedAt: moment(),
    receivedAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.partNumber] }),
    uniqueIndex("smpp_parts_waiting_unique").on(t.accountId, t.groupKey, t.partNumber).where(sql`failed_at is null`),
    index("smpp_parts_received_idx").on(t.receivedAt),
  ],
);

/** What a bind asked for beside the message; kept with it. Absent where there was nothing. */
export type WireExtras = {
  /** The parts' numbers that are told of the end, of a message that came in several submits; their number at all. */
  parts?: { total: number; told: number[] };
  /** One of a submit to many: it was answered with the batch's id, and its receipts come under that. */
  multi?: true;
  serviceType?: string;
  /** Named TLVs as in the registry of docs/api/smpp.md: numbers, or octets in hex. */
  tlvs?: Record<string, number | string>;
};
export const wireExtras = () => jsonb().$type<WireExtras>();
