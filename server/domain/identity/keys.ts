/** API keys: made, listed, rolled and revoked. The key itself is shown once and stored as a hash. */
import { and, desc, eq } from "drizzle-orm";
import { apiKeys } from "#db/schema/identity.ts";
import { forgetKeys } from "#server/domain/identity/authenticate-key.ts";
import {
  type CreateKey,
  createKey as createSchema,
  keyId as idSchema,
  type KeyId,
  type ListKeys,
  listKeys as listSchema,
  type RollKey,
  rollKey as rollSchema,
} from "#server/domain/identity/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow, may } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import type { AuditAction } from "#server/kernel/audit-actions.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { hashToken, randomToken } from "#server/kernel/crypto.ts";
import { conflict, DomainError, invalidInput, notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";
import type { Permission } from "#server/kernel/permissions.ts";

type KeyRow = typeof apiKeys.$inferSelect;
export type ApiKey = Omit<KeyRow, "keyHash">;
/** `key` is null when the same call was made before: it is shown once. */
export type NewApiKey = ApiKey & { key: string | null };

const prefixLength = 12;
const maxKeys = 200;

/**
 * Nobody hands out more than they may do themselves.
 * @throws forbidden `scope_above_own` · conflict `key_id_taken` · invalid_input `expiry_in_past`
 */
export async function createKey(ctx: Context, input: CreateKey): Promise<NewApiKey> {
  allow(ctx, "keys.write");
  const { tenantId = ctx.tenantId, ...wanted } = parse(createSchema, input);
  checkScopes(ctx, wanted.scopes);
  if (wanted.expiresAt && wanted.expiresAt <= ctx.clock.now()) {
    throw invalidInput("expiry_in_past", "The key would have expired already. Choose a later end.", {
      field: "expiresAt",
    });
  }
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    return insertKey(ctx, { ...wanted, tenantId, expiresAt: wanted.expiresAt ?? null }, "keys.create");
  });
}

/** Newest first, revoked ones too. */
export async function listKeys(ctx: Context, input: ListKeys): Promise<ApiKey[]> {
  allow(ctx, "keys.read");
  const { tenantId = ctx.tenantId } = parse(listSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.tenantId, tenantId))
      .orderBy(desc(apiKeys.id))
      .limit(maxKeys);
    return rows.map(withoutHash);
  });
}

/**
 * A new key with the same name, scopes and addresses; the old one works for `overlapHours` more, so that its users can
 * change over. Idempotent by `newKeyId`.
 * @throws conflict `key_revoked`
 */
export async function rollKey(ctx: Context, input: RollKey): Promise<NewApiKey> {
  allow(ctx, "keys.write");
  const { id, newKeyId, overlapHours } = parse(rollSchema, input);
  const rolled = await inTransaction(ctx, async (ctx) => {
    const old = await lockKey(ctx, id);
    if (old.revokedAt) throw conflict("key_revoked", "This key is revoked. Make a new one.");
    const { tenantId, name, scopes, allowedIps, expiresAt } = old;
    checkScopes(ctx, scopes as Permission[]);
    const made = await insertKey(ctx, { id: newKeyId, tenantId, name, scopes, allowedIps, expiresAt }, "keys.roll");
    if (made.key) {
      const ends = new Date(ctx.clock.now().getTime() + overlapHours * 3_600_000);
      const sooner = old.expiresAt && old.expiresAt < ends ? old.expiresAt : ends;
      await ctx.tx.db.update(apiKeys).set({ expiresAt: sooner }).where(eq(apiKeys.id, id));
    }
    return made;
  });
  forgetKeys(ctx.db);
  return rolled;
}

/** Revoking twice changes nothing. */
export async function revokeKey(ctx: Context, input: KeyId): Promise<ApiKey> {
  allow(ctx, "keys.write");
  const { id } = parse(idSchema, input);
  const revoked = await inTransaction(ctx, async (ctx) => {
    const before = await lockKey(ctx, id);
    if (before.revokedAt) return before;
    const [row = before] = await ctx.tx.db
      .update(apiKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(eq(apiKeys.id, id))
      .returning();
    await audit(ctx, {
      action: "keys.revoke",
      subjectType: "api_key",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { name: row.name },
    });
    return row;
  });
  forgetKeys(ctx.db);
  return withoutHash(revoked);
}

function checkScopes(ctx: Context, scopes: readonly Permission[]): void {
  const beyond = scopes.find((scope) => !may(ctx, scope));
  if (!beyond) return;
  throw new DomainError("forbidden", "scope_above_own", "A key cannot do what you may not do yourself.", {
    scope: beyond,
  });
}

type Wanted = Pick<KeyRow, "id" | "tenantId" | "name" | "scopes" | "allowedIps" | "expiresAt">;

async function insertKey(ctx: InTx, wanted: Wanted, action: AuditAction): Promise<NewApiKey> {
  const key = `bk_live_${randomToken()}`;
  const [row] = await ctx.tx.db
    .insert(apiKeys)
    .values({
      ...wanted,
      prefix: key.slice(0, prefixLength),
      keyHash: hashToken(key),
      createdBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      createdAt: ctx.clock.now(),
    })
    .onConflictDoNothing({ target: apiKeys.id })
    .returning();
  if (!row) {
    const [known] = await ctx.tx.db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.id, wanted.id), eq(apiKeys.tenantId, wanted.tenantId)));
    if (known?.name === wanted.name) return { ...withoutHash(known), key: null };
    throw conflict("key_id_taken", "This id is in use. Choose a new one.");
  }
  const { name, scopes, allowedIps } = row;
  await audit(ctx, {
    action,
    subjectType: "api_key",
    subjectId: row.id,
    tenantId: row.tenantId,
    detail: { name, scopes, allowedIps },
  });
  return { ...withoutHash(row), key };
}

async function lockKey(ctx: InTx, id: string): Promise<KeyRow> {
  const [row] = await ctx.tx.db.select().from(apiKeys).where(eq(apiKeys.id, id)).for("update");
  if (!row) throw notFound("key");
  await tenantInScope(ctx, row.tenantId).catch(() => {
    throw notFound("key");
  });
  return row;
}

function withoutHash({ keyHash: _, ...row }: KeyRow): ApiKey {
  return row;
}
