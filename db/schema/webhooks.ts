/** Webhooks: the addresses that tenants give, what they were told of by HTTP, and what is still to be tried again. */
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    id: id(),
    /** Told of this tenant's own messages and things, not of those below it. */
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    url: text().notNull(),
    description: text().notNull().default(""),
    /** Names of kinds of events, see server/domain/webhooks/input.ts. */
    events: text().array().notNull(),
    /** Events of one request; 1 = the plain form without a list. */
    batchSize: smallint().notNull().default(1),
    /** Paused: events are kept. Disabled: by us, after 410 or days of failure; new events are not kept. Deleted: gone for its owner. */
    status: text({ enum: ["active", "paused", "disabled", "deleted"] })
      .notNull()
      .default("active"),
    disabledReason: text({ enum: ["gone", "failing"] }),
    /** AES-256-GCM, bound to the row (kernel/crypto.ts). */
    secretSealed: text().notNull(),
    /** Replaced ones, sealed too; until their time is over requests are signed with them as well. */
    previousSecrets: jsonb().$type<{ sealed: string; until: string }[]>().notNull().default([]),
    /** Requests that failed since the last one that did not. */
    consecutiveFailures: integer().notNull().default(0),
    /** Set while it counts as failing: nothing but single tries goes out. */
    failingSince: moment(),
    /** Place in the schedule of those tries. */
    probes: smallint().notNull().default(0),
    /** Not before this. */
    retryAt: moment(),
    lastStatus: smallint(),
    lastError: text(),
    lastAttemptAt: moment(),
    lastSuccessAt: moment(),
    /** The worker that serves it, by the database's clock. */
    leaseOwner: text(),
    leaseUntil: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index("webhook_endpoints_tenant_idx").on(t.tenantId, t.id),
    check("webhook_endpoints_batch_size", sql`${t.batchSize} between 1 and 100`),
  ],
);

/** What failed at least once waits here: the queue of new events (outgoing_receipts) stays narrow and in order. */
export const webhookRetries = pgTable(
  "webhook_retries",
  {
    /** As in the queue that it came from. */
    id: id(),
    endpointId: uuid().notNull(),
    tenantId: uuid().notNull(),
    messageId: uuid().notNull(),
    status: text().notNull(),
    errorCode: text(),
    at: moment().notNull(),
    attempts: smallint().notNull(),
    readyAt: moment().notNull(),
  },
  (t) => [index("webhook_retries_ready_idx").on(t.endpointId, t.readyAt)],
);

/** Requests that were made, never changed and kept for days. First tries that succeeded share a row. */
export const webhookAttempts = pgTable(
  "webhook_attempts",
  {
    id: id(),
    tenantId: uuid().notNull(),
    endpointId: uuid().notNull(),
    at: moment().notNull(),
    outcome: text({ enum: ["delivered", "retried", "given_up", "test_passed", "test_failed"] }).notNull(),
    /** 1 = the first. */
    attempt: smallint().notNull(),
    requests: integer().notNull(),
    events: integer().notNull(),
    /** Messages, or other things, that it told of. */
    messageIds: uuid().array().notNull(),
    /** Null when no answer came. */
    statusCode: smallint(),
    /** The longest of its requests. */
    durationMs: integer().notNull(),
    error: text(),
  },
  (t) => [
    index("webhook_attempts_endpoint_idx").on(t.endpointId, t.id),
    // What is not the common case, so that a message's retries are found among millions of first tries.
    index("webhook_attempts_retry_idx").on(t.endpointId, t.id).where(sql`outcome <> 'delivered' or attempt > 1`),
  ],
);

/** Events that are not the end of a message: a queue row names one in place of a message. */
export const webhookEvents = pgTable("webhook_events", {
  id: id(),
  tenantId: uuid().notNull(),
  type: text().notNull(),
  data: jsonb().$type<Record<string, unknown>>().notNull(),
  createdAt: createdAt(),
});

/** A range of messages that is told once more, step by step. */
export const webhookReplays = pgTable(
  "webhook_replays",
  {
    id: id(),
    tenantId: uuid().notNull(),
    endpointId: uuid().notNull(),
    /** Accepted at or after, and before. */
    fromAt: moment().notNull(),
    toAt: moment().notNull(),
    /** The last message that was looked at. */
    cursor: uuid(),
    queued: integer().notNull().default(0),
    status: text({ enum: ["running", "done", "stopped"] })
      .notNull()
      .default("running"),
    createdAt: createdAt(),
    finishedAt: moment(),
  },
  (t) => [index("webhook_replays_endpoint_idx").on(t.endpointId, t.id)],
);
