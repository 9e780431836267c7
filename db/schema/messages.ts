/** Messages and what happens to them. Tables marked "by day" are partitioned by UUIDv7 range in 0001_guards.sql. */
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
import { createdAt, id, moment } from "#db/columns.ts";
import { trafficClasses } from "#db/schema/routing.ts";
import { wireExtras } from "#db/schema/smpp.ts";

export const messageStatuses = [
  "review",
  "queued",
  "sending",
  "sent",
  "delivered",
  "undelivered",
  "failed",
  "expired",
  "unknown",
  "cancelled",
  "rejected",
] as const;

/** By day. No status column stands in an index, so that updates stay HOT. */
export const messages = pgTable(
  "messages",
  {
    /** UUIDv7: its time chooses the partition. */
    id: id(),
    tenantId: uuid().notNull(),
    /** The submit call that accepted it. */
    batchId: uuid().notNull(),
    campaignId: uuid(),
    senderId: uuid().notNull(),
    sender: text().notNull(),
    msisdn: text().notNull(),
    text: text().notNull(),
    trafficClass: text({ enum: trafficClasses }).notNull(),
    encoding: text({ enum: ["gsm7", "ucs2"] }).notNull(),
    parts: smallint().notNull(),
    operatorId: text().notNull(),
    connectorId: uuid().notNull(),
    rateId: uuid().notNull(),
    status: text({ enum: messageStatuses }).notNull(),
    /** Where its money stands, see server/domain/ledger/stage.ts. */
    chargeStage: smallint().notNull(),
    source: text({ enum: ["campaign", "http", "trpc", "smpp", "console"] }).notNull(),
    /** The API key or the SMPP account that it came from. */
    originId: uuid(),
    /** Whom to tell of its end: 0 nobody, 1 always, 2 of a failure only (SMPP 3.4 section 5.2.17). */
    receipt: smallint().notNull().default(1),
    /** The client's own id. */
    reference: text(),
    /** Of messages that came over SMPP, and only when there is something. */
    wire: wireExtras(),
    errorCode: text(),
    possibleDuplicate: boolean().notNull().default(false),
    validUntil: moment().notNull(),
    sentAt: moment(),
    doneAt: moment(),
    createdAt: createdAt(),
  },
  (t) => [
    index("messages_tenant_idx").on(t.tenantId, t.id),
    index("messages_msisdn_idx").on(t.msisdn, t.id),
    index("messages_campaign_idx").on(t.campaignId, t.id).where(sql`campaign_id is not null`),
    index("messages_batch_idx").on(t.batchId),
    // The reference first: who looks for one may see thousands of tenants.
    index("messages_reference_idx").on(t.reference, t.tenantId).where(sql`reference is not null`),
    check("messages_parts_positive", sql`${t.parts} > 0`),
  ],
);

/** By day. What happened to a message, in order; insert only. */
export const messageEvents = pgTable(
  "message_events",
  {
    messageId: uuid().notNull(),
    tenantId: uuid().notNull(),
    at: moment().notNull(),
    kind: text({
      enum: [
        "accepted",
        "review",
        "released",
        "replaced",
        "submitted",
        "response",
        "retry",
        "moved",
        "receipt",
        "unknown",
        "resolved",
        "final",
      ],
    }).notNull(),
    partNumber: smallint(),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index("message_events_message_idx").on(t.messageId)],
);

/** Work that waits for a carrier: narrow, short-lived rows. */
export const sendQueue = pgTable(
  "send_queue",
  {
    messageId: uuid().primaryKey(),
    connectorId: uuid().notNull(),
    /** 0 OTP, 1 transactional, 2 bulk. */
    lane: smallint().notNull(),
    tenantId: uuid().notNull(),
    campaignId: uuid(),
    /** Set while its campaign is paused or its batch waits for moderation. */
    isHeld: boolean().notNull().default(false),
    readyAt: moment().notNull(),
    validUntil: moment().notNull(),
    attempts: smallint().notNull().default(0),
    /** Null = free. Otherwise the worker that may have put it on the wire. */
    leaseOwner: text(),
    leasedAt: moment(),
    /** Connectors that it was moved away from. */
    tried: uuid().array(),
  },
  (t) => [
    // By readiness, so that what is scheduled or waits for a retry is not looked at before its time.
    index("send_queue_free_idx")
      .on(t.connectorId, t.lane, t.tenantId, t.readyAt, t.messageId)
      .where(sql`lease_owner is null and not is_held`),
    index("send_queue_leased_idx").on(t.leaseOwner).where(sql`lease_owner is not null`),
    index("send_queue_campaign_idx").on(t.campaignId).where(sql`campaign_id is not null`),
  ],
);

/** By day. The carrier's id of every part that it accepted; receipts are matched against it. */
export const carrierRefs = pgTable(
  "carrier_refs",
  {
    messageId: uuid().notNull(),
    /** Normalised, see server/domain/messages/carrier-id.ts. */
    carrierId: text().notNull(),
    connectorId: uuid().notNull(),
    tenantId: uuid().notNull(),
    partNumber: smallint().notNull(),
    /** Null until a final receipt came for this part. */
    outcome: text({ enum: ["delivered", "undelivered", "expired"] }),
    errorCode: text(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.carrierId] }),
    index("carrier_refs_carrier_idx").on(t.connectorId, t.carrierId),
  ],
);

/** Receipts that matched nothing yet: they may be early, late, or of a submit whose answer was lost. */
export const parkedReceipts = pgTable(
  "parked_receipts",
  {
    id: id(),
    connectorId: uuid().notNull(),
    carrierId: text().notNull(),
    /** The handset, as the receipt's source address. */
    msisdn: text().notNull(),
    sender: text().notNull(),
    outcome: text().notNull(),
    errorCode: text(),
    /** user_message_reference, SMPP 3.4 section 5.3.2.17, when the carrier returns it. */
    userMessageReference: integer(),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
    attempts: integer().notNull().default(0),
    receivedAt: moment().notNull(),
    resolvedAt: moment(),
  },
  (t) => [
    uniqueIndex("parked_receipts_unique").on(t.connectorId, t.carrierId, t.outcome),
    index("parked_receipts_open_idx").on(t.receivedAt).where(sql`resolved_at is null`),
    index("parked_receipts_age_idx").on(t.receivedAt),
    index("parked_receipts_connector_idx").on(t.connectorId).where(sql`resolved_at is null`),
  ],
);

/** The first answer to an Idempotency-Key, written in the transaction that accepted its messages. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    tenantId: uuid().notNull(),
    key: text().notNull(),
    bodyHash: text().notNull(),
    answer: jsonb().$type<unknown>(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.key] }), index("idempotency_keys_age_idx").on(t.createdAt)],
);
