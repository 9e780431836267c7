/** What is kept how long, and the days of messages: whether they are closed, and what was added up when they were. */
import { bigint, date, integer, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "#db/columns.ts";

/** What is kept by day. `history`: what happened to messages; `receipts`: carriers' ids, by which receipts are matched. */
export const keptByDay = ["messages", "history", "receipts"] as const;

/** The platform's own; no row is the same as the default. */
export const retentionPolicies = pgTable("retention_policies", {
  kind: text({ enum: keptByDay }).primaryKey(),
  /** Whole days after the day (UTC) itself; null = for ever. */
  keepDays: integer(),
  updatedAt: moment().notNull(),
});

/** Days (UTC) of messages, from the making of their partitions on and for ever: gone days keep their sums. */
export const messageDays = pgTable("message_days", {
  day: date({ mode: "string" }).primaryKey(),
  /** From then on no new message is taken into it. */
  closedAt: moment(),
  /** From then on nothing in it changes: every message has ended, and the sums are written. */
  settledAt: moment(),
  /** Of the last look, while it is not settled: messages that have not ended, and campaigns launched on it. */
  openMessages: integer(),
  openCampaigns: integer(),
  lookedAt: moment(),
});

/** The sub-ledger of a settled day: what the proof of the ledger counts when the messages themselves are gone. */
export const messageDayTotals = pgTable(
  "message_day_totals",
  {
    day: date({ mode: "string" }).notNull(),
    rateId: uuid().notNull(),
    chargeStage: smallint().notNull(),
    messages: bigint({ mode: "number" }).notNull(),
    parts: bigint({ mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.rateId, t.chargeStage] })],
);
