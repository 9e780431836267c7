/** Changes a person's role or name, disables and enables them; their open sessions end at once. */
import { eq } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import {
  userId as idSchema,
  type UpdateUser,
  type UserId,
  updateUser as updateSchema,
} from "#server/domain/identity/input.ts";
import {
  checkOwnerRemains,
  checkRank,
  lockUser,
  type User,
  type UserRow,
  userColumns,
} from "#server/domain/identity/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import type { AuditAction } from "#server/kernel/audit-actions.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws forbidden `role_above_own` · conflict `last_owner` */
export async function updateUser(ctx: Context, input: UpdateUser): Promise<User> {
  allow(ctx, "users.write");
  const { id, role, name } = parse(updateSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockUser(ctx, id);
    checkRank(ctx, before.role, role ?? before.role);
    const isNewRole = role !== undefined && role !== before.role;
    if (isNewRole) await checkOwnerRemains(ctx, before);
    const sessionVersion = isNewRole ? before.sessionVersion + 1 : before.sessionVersion;
    return write(ctx, before, { role, name, sessionVersion }, "identity.update_user", { role, name });
  });
}

/** Disabling twice changes nothing. @throws forbidden `role_above_own` · conflict `last_owner` */
export async function disableUser(ctx: Context, input: UserId): Promise<User> {
  allow(ctx, "users.write");
  const { id } = parse(idSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockUser(ctx, id);
    checkRank(ctx, before.role);
    if (before.status === "disabled") return shown(before);
    await checkOwnerRemains(ctx, before);
    const sessionVersion = before.sessionVersion + 1;
    return write(ctx, before, { status: "disabled", sessionVersion }, "identity.disable_user");
  });
}

/** A person who never accepted waits for the invitation again. */
export async function enableUser(ctx: Context, input: UserId): Promise<User> {
  allow(ctx, "users.write");
  const { id } = parse(idSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockUser(ctx, id);
    checkRank(ctx, before.role);
    if (before.status !== "disabled") return shown(before);
    const status = before.passwordHash ? "active" : "invited";
    return write(ctx, before, { status, failedAttempts: 0, lockedUntil: null }, "identity.enable_user");
  });
}

async function write(
  ctx: InTx,
  before: UserRow,
  changes: Partial<UserRow>,
  action: AuditAction,
  detail: Record<string, unknown> = {},
): Promise<User> {
  const [row] = await ctx.tx.db
    .update(users)
    .set({ ...changes, updatedAt: ctx.clock.now() })
    .where(eq(users.id, before.id))
    .returning(userColumns);
  if (!row) throw notFound("user");
  await audit(ctx, { action, subjectType: "user", subjectId: before.id, tenantId: before.tenantId, detail });
  return row;
}

function shown(row: UserRow): User {
  const { id, tenantId, email, name, role, status, lastSignInAt, lockedUntil, locale, createdAt } = row;
  return { id, tenantId, email, name, role, status, lastSignInAt, lockedUntil, locale, createdAt };
}
