/** The embedded workflow server's own state: functions, events, runs, memoised steps, the call queue, timers and waits. */
import { sql } from "drizzle-orm";
import { boolean, index, integer, json, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "#db/columns.ts";

/** `json`, not `jsonb`: what a step returned is given back to it as it was, NUL escapes and key order included. */
const verbatim = () => json().$type<unknown>();

export const workflowFunctions = pgTable("workflow_functions", {
  /** app id and function id joined by a dash, as the protocol has it. */
  id: text().primaryKey(),
  appId: text().notNull(),
  name: text().notNull(),
  config: verbatim().notNull(),
  /** Where its calls go. */
  url: text().notNull(),
  isActive: boolean().notNull(),
  syncedAt: moment().notNull(),
});

export const workflowCrons = pgTable(
  "workflow_crons",
  {
    functionId: text()
      .notNull()
      .references(() => workflowFunctions.id, { onDelete: "cascade" }),
    expression: text().notNull(),
    nextAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.functionId, t.expression] }), index("workflow_crons_next_idx").on(t.nextAt)],
);

/** Ids of events and idempotency keys of runs: what was seen in the last 24 hours is not done again. */
export const workflowSeen = pgTable("workflow_seen", { key: text().primaryKey(), seenAt: moment().notNull() }, (t) => [
  index("workflow_seen_at_idx").on(t.seenAt),
]);

export const workflowEvents = pgTable(
  "workflow_events",
  { id: id(), name: text().notNull(), payload: verbatim().notNull(), receivedAt: moment().notNull() },
  (t) => [index("workflow_events_received_idx").on(t.receivedAt)],
);

export const workflowRuns = pgTable(
  "workflow_runs",
  {
    id: id(),
    functionId: text().notNull(),
    status: text({ enum: ["queued", "running", "completed", "failed", "cancelled"] }).notNull(),
    eventName: text().notNull(),
    events: verbatim().notNull(),
    /** Concurrency groups it counts in, and the limit of each, in the same order. */
    groupKeys: text().array().notNull(),
    groupLimits: integer().array().notNull(),
    /** The run and the step that invoked it and wait for its output. */
    parentRunId: uuid(),
    parentStepId: text(),
    stepCount: integer().notNull().default(0),
    output: verbatim(),
    error: verbatim(),
    createdAt: createdAt(),
    startedAt: moment(),
    endedAt: moment(),
  },
  (t) => [
    index("workflow_runs_status_idx").on(t.status, t.id),
    index("workflow_runs_ended_idx").on(t.endedAt).where(sql`ended_at is not null`),
  ],
);

const runId = () =>
  uuid()
    .notNull()
    .references(() => workflowRuns.id, { onDelete: "cascade" });

/** Memoised results. A step that stands here never runs again. */
export const workflowSteps = pgTable(
  "workflow_steps",
  {
    runId: runId(),
    /** The SDK's hash of the step's id. */
    id: text().notNull(),
    name: text().notNull(),
    op: text().notNull(),
    data: verbatim(),
    error: verbatim(),
    /** Order of completion, 1 … n. */
    position: integer().notNull(),
    storedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.id] })],
);

/** Calls to make: one that discovers a run's next steps (step id "step") and one per planned step. */
export const workflowJobs = pgTable(
  "workflow_jobs",
  {
    runId: runId(),
    stepId: text().notNull(),
    attempt: integer().notNull().default(0),
    dueAt: moment().notNull(),
    groupKeys: text().array().notNull(),
    groupLimits: integer().array().notNull(),
    leaseToken: uuid(),
    leaseUntil: moment(),
    /** Something happened while it was being called: call once more. */
    isAgain: boolean().notNull().default(false),
    /** Since when the app cannot be reached; such tries use up no attempt. */
    missingSince: moment(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stepId] }), index("workflow_jobs_due_idx").on(t.dueAt)],
);

/** What a run waits for: a time, an event, an invoked run; and the events that cancel it. */
export const workflowWaits = pgTable(
  "workflow_waits",
  {
    runId: runId(),
    stepId: text().notNull(),
    name: text().notNull(),
    kind: text({ enum: ["sleep", "event", "invoke", "cancel"] }).notNull(),
    /** When the sleep is over or the wait is given up. */
    dueAt: moment(),
    eventName: text(),
    /** Path in the awaited event that the first condition compares, and path=value: the index finds candidates by it. */
    matchPath: text(),
    matchKey: text(),
    /** All conditions on the awaited event, with the run's own side already filled in. */
    conditions: verbatim(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.stepId] }),
    index("workflow_waits_due_idx").on(t.dueAt).where(sql`due_at is not null`),
    index("workflow_waits_event_idx").on(t.eventName, t.matchKey).where(sql`event_name is not null`),
  ],
);
