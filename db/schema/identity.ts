/** Identity: people, invitations and API keys of a tenant. Secrets are stored as hashes only. */
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "#db/columns.ts";
import { tenants } from "#db/schema/tenants.ts";

export const roles = ["owner", "manager", "sender", "moderator", "finance", "support", "viewer"] as const;
export const userStatuses = ["invited", "active", "disabled"] as const;

export const users = pgTable(
  "users",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    email: text().notNull(),
    name: text().notNull(),
    role: text({ enum: roles }).notNull(),
    status: text({ enum: userStatuses }).notNull().default("invited"),
    passwordHash: text(),
    /** Raised on sign-out-everywhere, role change and disable: older sessions end at their next request. */
    sessionVersion: integer().notNull().default(1),
    failedAttempts: integer().notNull().default(0),
    lockedUntil: moment(),
    lastSignInAt: moment(),
    locale: text(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex("users_email_unique").on(sql`lower(${t.email})`),
    index("users_tenant_idx").on(t.tenantId, t.id),
    check("users_role_known", sql`${t.role} in ('owner','manager','sender','moderator','finance','support','viewer')`),
  ],
);

/** Sessions that were signed out before their time; each is forgotten when its cookie would have ended anyway. */
export const endedSessions = pgTable(
  "ended_sessions",
  {
    /** The id that the session's cookie carries. */
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    expiresAt: moment().notNull(),
  },
  (t) => [index("ended_sessions_expiry_idx").on(t.expiresAt)],
);

export const invitations = pgTable(
  "invitations",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    purpose: text({ enum: ["invite", "reset"] }).notNull(),
    /** SHA-256 of a 256-bit token that only the e-mail carries. */
    tokenHash: text().notNull().unique(),
    expiresAt: moment().notNull(),
    usedAt: moment(),
    createdAt: createdAt(),
  },
  (t) => [index("invitations_tenant_idx").on(t.tenantId, t.userId), index("invitations_expiry_idx").on(t.expiresAt)],
);

export const apiKeys = pgTable(
  "api_keys",
  {
    id: id(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id),
    name: text().notNull(),
    /** First characters of the key, shown to tell keys apart. */
    prefix: text().notNull(),
    /** SHA-256 of the 256-bit key. */
    keyHash: text().notNull().unique(),
    scopes: text().array().notNull(),
    /** CIDR list; empty = any address. */
    allowedIps: text().array().notNull(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
    createdBy: uuid(),
    createdAt: createdAt(),
  },
  (t) => [index("api_keys_tenant_idx").on(t.tenantId, t.id)],
);
