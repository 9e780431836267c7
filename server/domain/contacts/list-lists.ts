/** The recipient lists of a tenant, newest first. */
import { and, desc, eq, lt } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { type ListLists, listLists as schema } from "#server/domain/contacts/input.ts";
import { listColumns, type RecipientList } from "#server/domain/contacts/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export async function listLists(ctx: Context, input: ListLists): Promise<Page<RecipientList>> {
  allow(ctx, "contacts.read");
  const { tenantId = ctx.tenantId, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select(listColumns)
      .from(recipientLists)
      .where(and(eq(recipientLists.tenantId, tenantId), cursor ? lt(recipientLists.id, cursor) : undefined))
      .orderBy(desc(recipientLists.id))
      .limit(limit + 1);
    return toPage(rows, limit);
  });
}
