/** Routing: operators by number prefix (data), connectors to carriers, and the routes that choose between them. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
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
import { tenants } from "#db/schema/tenants.ts";

export const trafficClasses = ["otp", "transactional", "bulk"] as const;

/** smpp: binds to an SMSC. http: requests to a partner's system, as `httpConnectors` describes it. */
export const connectorKinds = ["smpp", "http"] as const;
export const concatenations = ["udh8", "udh16", "sar", "payload"] as const;
export const validityFormats = ["relative", "absolute", "none"] as const;
/** same: as in the answer, case and padding aside. hex: the answer's decimal id in hex. decimal: its hex id in decimal. */
export const receiptNotations = ["same", "hex", "decimal"] as const;
export const errorKinds = ["submit", "receipt"] as const;
export const errorVerdicts = ["retry_now", "retry_later", "throttle", "failover", "fail"] as const;
/** Why a handset did not get a message, in words that people understand; the console translates them. */
export const errorReasons = [
  "unknown_number",
  "unreachable",
  "barred",
  "not_supported",
  "memory_full",
  "busy",
  "network",
  "blocked",
  "too_late",
  "wrong_settings",
  "other",
] as const;

export const operators = pgTable("operators", {
  /** For example vn-viettel. */
  id: text().primaryKey(),
  country: text().notNull(),
  name: text().notNull(),
  mcc: text().notNull(),
  mnc: text().notNull(),
});

export const operatorPrefixes = pgTable("operator_prefixes", {
  /** E.164 digits without plus; the longest match wins. */
  prefix: text().primaryKey(),
  operatorId: text()
    .notNull()
    .references(() => operators.id),
});

export const connectors = pgTable(
  "connectors",
  {
    id: id(),
    /** Its owner: this tenant and everything below it may be routed over it. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    kind: text({ enum: connectorKinds }).notNull().default("smpp"),
    name: text().notNull(),
    host: text().notNull(),
    port: integer().notNull(),
    tls: boolean().notNull().default(false),
    systemId: text().notNull(),
    /** AES-256-GCM, bound to the row (kernel/crypto.ts). */
    passwordSealed: text().notNull(),
    systemType: text().notNull().default(""),
    bindMode: text({ enum: ["transceiver", "transmitter_receiver"] })
      .notNull()
      .default("transceiver"),
    bindCount: integer().notNull().default(1),
    /** Unanswered submit_sm allowed per bind. */
    windowSize: integer().notNull().default(50),
    /** Messages (PDUs) per second over all binds; 0 = as fast as the carrier answers. */
    maxPerSecond: integer().notNull().default(0),
    sourceTon: integer().notNull().default(5),
    sourceNpi: integer().notNull().default(0),
    destTon: integer().notNull().default(1),
    destNpi: integer().notNull().default(1),
    /** data_coding sent for text that fits GSM-7, SMPP 3.4 section 5.2.19. */
    gsmDataCoding: integer().notNull().default(0),
    serviceType: text().notNull().default(""),
    /** What to do with a submit whose answer was lost. */
    unknownPolicy: text({ enum: ["wait", "resend"] })
      .notNull()
      .default("wait"),
    responseTimeoutMs: integer().notNull().default(10_000),
    enquireLinkMs: integer().notNull().default(30_000),
    /** After this long without a receipt an unknown message is failed and refunded. */
    receiptTimeoutHours: integer().notNull().default(72),
    maxAttempts: integer().notNull().default(5),
    /** How the parts of a long text name each other. */
    concatenation: text({ enum: concatenations }).notNull().default("udh8"),
    /** Of the TLVs that came with a message from a client's bind, those that go on: names as in docs/api/smpp.md. */
    passedTlvs: text().array().notNull().default(sql`'{source_port,destination_port}'`),
    /** How validity_period is written, SMPP 3.4 section 7.1.1. */
    validityFormat: text({ enum: validityFormats }).notNull().default("relative"),
    /** priority_flag of one-time codes, SMPP 3.4 section 5.2.14; of everything else it is 0. */
    otpPriority: integer().notNull().default(1),
    /** Waiting messages go to the next route when no bind is up for so long; 0 = they wait. */
    failoverAfterSeconds: integer().notNull().default(60),
    /** How often one message may change its connector. */
    maxMoves: integer().notNull().default(2),
    /** How receipts write the ids of answers, learnt from receipts that were matched; null = nothing learnt yet. */
    receiptNotation: text({ enum: receiptNotations }),
    status: text({ enum: ["enabled", "disabled"] })
      .notNull()
      .default("enabled"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index("connectors_tenant_idx").on(t.tenantId),
    check(
      "connectors_bounds",
      sql`${t.bindCount} between 1 and 64 and ${t.windowSize} between 1 and 1000 and ${t.maxPerSecond} between 0 and 100000`,
    ),
    check(
      "connectors_sending_bounds",
      sql`${t.otpPriority} between 0 and 3 and ${t.failoverAfterSeconds} between 0 and 86400 and ${t.maxMoves} between 0 and 10`,
    ),
  ],
);

/** How a connector of the kind http speaks with its partner, as data: server/domain/routing/http-description.ts. */
export const httpConnectors = pgTable(
  "http_connectors",
  {
    connectorId: uuid()
      .primaryKey()
      .references(() => connectors.id, { onDelete: "cascade" }),
    tenantId: uuid().notNull(),
    /** The one secret stands in connectors.password_sealed. */
    description: jsonb().$type<unknown>().notNull(),
    /** SHA-256 of the unguessable part of the address that takes the partner's receipts. */
    receiptHash: text().notNull(),
    /** The same part sealed, to be shown again to whoever sets the partner up. */
    receiptSealed: text().notNull(),
  },
  (t) => [uniqueIndex("http_connectors_receipt_unique").on(t.receiptHash)],
);

/** Messages whose partner is to be asked for a receipt: narrow rows, gone with the receipt or after the last question. */
export const receiptPolls = pgTable(
  "receipt_polls",
  {
    messageId: uuid().notNull(),
    /** As the partner wrote it: ids may be case-sensitive in its addresses. */
    carrierId: text().notNull(),
    connectorId: uuid().notNull(),
    tenantId: uuid().notNull(),
    attempts: smallint().notNull().default(0),
    nextAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.carrierId] }),
    index("receipt_polls_due_idx").on(t.connectorId, t.nextAt),
    index("receipt_polls_age_idx").on(t.nextAt),
  ],
);

/** What a carrier means by its error codes, where it differs from the specification. */
export const connectorErrors = pgTable(
  "connector_errors",
  {
    connectorId: uuid()
      .notNull()
      .references(() => connectors.id, { onDelete: "cascade" }),
    tenantId: uuid().notNull(),
    /** submit: the answer to a submit_sm. receipt: the error that a receipt names. */
    kind: text({ enum: errorKinds }).notNull(),
    /** As server/domain/routing/error-code.ts writes it. */
    code: text().notNull(),
    verdict: text({ enum: errorVerdicts }).notNull(),
    reason: text({ enum: errorReasons }),
  },
  (t) => [
    primaryKey({ columns: [t.connectorId, t.kind, t.code] }),
    check("connector_errors_receipt", sql`${t.kind} = 'submit' or ${t.verdict} = 'fail'`),
  ],
);

/** What the worker sees of each bind: written by smpp-client, read by the console. */
export const connectorBinds = pgTable(
  "connector_binds",
  {
    connectorId: uuid()
      .notNull()
      .references(() => connectors.id, { onDelete: "cascade" }),
    bindNumber: integer().notNull(),
    tenantId: uuid().notNull(),
    state: text({ enum: ["connecting", "bound", "waiting", "stopped"] }).notNull(),
    lastError: text(),
    since: moment().notNull(),
    seenAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectorId, t.bindNumber] })],
);

/** One worker drives a connector at a time; the lease is taken over when it expires. */
export const connectorLeases = pgTable("connector_leases", {
  connectorId: uuid()
    .primaryKey()
    .references(() => connectors.id, { onDelete: "cascade" }),
  owner: text().notNull(),
  expiresAt: moment().notNull(),
});

/** Workers that live: connectors are spread over them. */
export const connectorWorkers = pgTable("connector_workers", {
  owner: text().primaryKey(),
  expiresAt: moment().notNull(),
});

export const routes = pgTable(
  "routes",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    connectorId: uuid()
      .notNull()
      .references(() => connectors.id),
    /** Null matches any. */
    country: text(),
    operatorId: text(),
    trafficClass: text({ enum: trafficClasses }),
    /** Lower first; routes of one priority share by weight. */
    priority: integer().notNull().default(100),
    weight: integer().notNull().default(1),
    status: text({ enum: ["enabled", "disabled"] })
      .notNull()
      .default("enabled"),
    createdAt: createdAt(),
  },
  (t) => [index("routes_tenant_idx").on(t.tenantId)],
);
