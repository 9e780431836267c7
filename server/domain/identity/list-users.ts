/** People of one tenant, newest first. */
import { and, desc, eq, lt } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { type ListUsers, listUsers as schema } from "#server/domain/identity/input.ts";
import { type User, userColumns } from "#server/domain/identity/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export async function listUsers(ctx: Context, input: ListUsers): Promise<Page<User>> {
  allow(ctx, "users.read");
  const { tenantId = ctx.tenantId, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select(userColumns)
      .from(users)
      .where(and(eq(users.tenantId, tenantId), cursor ? lt(users.id, cursor) : undefined))
      .orderBy(desc(users.id))
      .limit(limit + 1);
    return toPage(rows, limit);
  });
}
