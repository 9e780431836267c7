/** Loading people in scope, and the two rules about them: nobody rules above their own role, and an owner must remain. */
import { and, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import type { InTx } from "#server/kernel/context.ts";
import { conflict, DomainError, notFound } from "#server/kernel/errors.ts";
import type { Role } from "#server/kernel/permissions.ts";

export type UserRow = typeof users.$inferSelect;
/** A person as others see them: no hash, no counters. */
export type User = Pick<
  UserRow,
  "id" | "tenantId" | "email" | "name" | "role" | "status" | "lastSignInAt" | "lockedUntil" | "locale" | "createdAt"
>;

export const userColumns = {
  id: users.id,
  tenantId: users.tenantId,
  email: users.email,
  name: users.name,
  role: users.role,
  status: users.status,
  lastSignInAt: users.lastSignInAt,
  lockedUntil: users.lockedUntil,
  locale: users.locale,
  createdAt: users.createdAt,
};

/** Locks the row. @throws not_found `user_not_found` */
export async function lockUser(ctx: InTx, id: string): Promise<UserRow> {
  const [row] = await ctx.tx.db
    .select()
    .from(users)
    .where(
      and(
        eq(users.id, id),
        sql`exists (select from tenants t where t.id = ${users.tenantId} and t.ancestors @> array[${ctx.tenantId}]::uuid[])`,
      ),
    )
    .for("update");
  if (!row) throw notFound("user");
  return row;
}

/** @throws not_found `user_not_found` */
export async function userInScope(ctx: InTx, id: string): Promise<User> {
  const [row] = await ctx.tx.db.select(userColumns).from(users).where(eq(users.id, id));
  if (!row) throw notFound("user");
  return row;
}

/**
 * Owners rule over everybody, others over all but owners; also in the tenants below.
 * @throws forbidden `role_above_own`
 */
export function checkRank(ctx: InTx, ...touched: Role[]): void {
  const { actor } = ctx;
  if (actor.type !== "user" || actor.role === "owner") return;
  if (touched.includes("owner")) {
    throw new DomainError("forbidden", "role_above_own", "Only an owner can do this to an owner.");
  }
}

/**
 * Locks the tenant's owners, so that two of them cannot leave at the same moment.
 * @throws conflict `last_owner`
 */
export async function checkOwnerRemains(ctx: InTx, leaving: UserRow): Promise<void> {
  if (leaving.role !== "owner" || leaving.status !== "active") return;
  const owners = await ctx.tx.sql<{ id: string }[]>`
    select id from users where tenant_id = ${leaving.tenantId} and role = 'owner' and status = 'active'
    order by id for update`;
  if (owners.some((owner) => owner.id !== leaving.id)) return;
  throw conflict("last_owner", "An account needs an active owner. Make somebody else an owner first.");
}
