/** Reports: counters written as deltas in the data plane's transactions, folded into rollups every second. */
import { bigint, bigserial, date, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";

const count = () => bigint({ mode: "number" }).notNull().default(0);

const dimensions = {
  /** Day (UTC) on which the message was accepted. */
  day: date({ mode: "string" }).notNull(),
  tenantId: uuid().notNull(),
  /** The nil UUID when there is no campaign, so that it can stand in a key. */
  campaignId: uuid().notNull(),
  senderId: uuid().notNull(),
  operatorId: text().notNull(),
  trafficClass: text().notNull(),
  /** Money at every hop follows from the rate and the parts per charge stage. */
  rateId: uuid().notNull(),
};

const counters = {
  acceptedCount: count(),
  sentCount: count(),
  deliveredCount: count(),
  /** undelivered, failed, expired, cancelled, rejected. */
  failedCount: count(),
  unknownCount: count(),
  acceptedParts: count(),
  /** Parts by charge stage, see server/domain/ledger/stage.ts. */
  heldParts: count(),
  carriedParts: count(),
  settledParts: count(),
  voidedParts: count(),
  lapsedParts: count(),
};

export const reportDeltas = pgTable("report_deltas", {
  id: bigserial({ mode: "bigint" }).primaryKey(),
  ...dimensions,
  ...counters,
});

export const reportRollups = pgTable("report_rollups", { ...dimensions, ...counters }, (t) => [
  primaryKey({
    columns: [t.day, t.tenantId, t.campaignId, t.senderId, t.operatorId, t.trafficClass, t.rateId],
  }),
  index("report_rollups_tenant_idx").on(t.tenantId, t.day),
  index("report_rollups_campaign_idx").on(t.campaignId),
  index("report_rollups_rate_idx").on(t.rateId),
]);
