/** The general ledger (double entry) and the immutable rates that say what a message costs at every hop. */
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, micros } from "#db/columns.ts";
import { orders } from "#db/schema/orders.ts";

/**
 * Four accounts per order and unit. Funding is what was paid in (negative), available what may still be held,
 * held what messages under way reserve, spent what became final.
 */
export const accountKinds = ["funding", "available", "held", "spent"] as const;

export const ledgerAccounts = pgTable(
  "ledger_accounts",
  {
    id: id(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id),
    kind: text({ enum: accountKinds }).notNull(),
    /** An ISO 4217 code (micro-units), or PARTS. */
    unit: text().notNull(),
    balance: micros().notNull().default(sql`0`),
    /** The balance may not fall below this; null = no bound. */
    floor: micros(),
    version: bigint({ mode: "bigint" }).notNull().default(sql`0`),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("ledger_accounts_unique").on(t.orderId, t.kind, t.unit),
    check("ledger_accounts_floor", sql`${t.floor} is null or ${t.balance} >= ${t.floor}`),
  ],
);

/**
 * That its accounts are there, are the order's, and stay, is checked by triggers a statement (0020), as is what entries
 * say of it: foreign keys would look 48 times for a batch that four orders pay, and lock each account again.
 */
export const ledgerTransfers = pgTable(
  "ledger_transfers",
  {
    /** Chosen by the caller: a second transfer with the same id and content changes nothing. */
    id: id(),
    orderId: uuid().notNull(),
    debitAccountId: uuid().notNull(),
    creditAccountId: uuid().notNull(),
    amount: micros().notNull(),
    /** Why: fund, hold, post, void, close. */
    code: text({ enum: ["fund", "hold", "post", "void", "close"] }).notNull(),
    /** The batch of messages, or the order, that caused it. */
    causeId: uuid().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("ledger_transfers_order_idx").on(t.orderId, t.createdAt),
    check("ledger_transfers_positive", sql`${t.amount} > 0`),
    check("ledger_transfers_two_sides", sql`${t.debitAccountId} <> ${t.creditAccountId}`),
  ],
);

export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    transferId: uuid().notNull(),
    accountId: uuid().notNull(),
    orderId: uuid().notNull(),
    /** Negative on the debit side, positive on the credit side: the two of a transfer sum to zero. */
    amount: micros().notNull(),
    balanceAfter: micros().notNull(),
    accountVersion: bigint({ mode: "bigint" }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.transferId, t.accountId] }),
    uniqueIndex("ledger_entries_account_version").on(t.accountId, t.accountVersion),
    index("ledger_entries_order_idx").on(t.orderId, t.createdAt),
  ],
);

/** The chain of orders and unit prices at one moment. A message keeps its id; money at each hop follows for ever. */
export const rates = pgTable("rates", {
  id: id(),
  /** Digest of the hops, so that equal chains share a row. */
  key: text().notNull().unique(),
  tenantId: uuid().notNull(),
  operatorId: text().notNull(),
  trafficClass: text().notNull(),
  createdAt: createdAt(),
});

export const rateHops = pgTable(
  "rate_hops",
  {
    rateId: uuid()
      .notNull()
      .references(() => rates.id),
    /** 0 = the sending tenant's own order, then one up at a time. */
    hop: integer().notNull(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id),
    sellerId: uuid().notNull(),
    buyerId: uuid().notNull(),
    unitPriceMicros: micros().notNull(),
    currency: text().notNull(),
    postOn: text({ enum: ["accepted", "delivered"] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.rateId, t.hop] }), index("rate_hops_order_idx").on(t.orderId)],
);
