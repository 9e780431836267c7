/** One list with its counts; readable while it is being imported. */
import { count, eq } from "drizzle-orm";
import { rejectedRows } from "#db/schema/contacts.ts";
import type { RejectReason } from "#server/domain/contacts/classify-row.ts";
import { type ListId, listId as schema } from "#server/domain/contacts/input.ts";
import { listInScope, type RecipientList } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type ListWithReasons = RecipientList & { rejectedByReason: Partial<Record<RejectReason, number>> };

export async function getList(ctx: Context, input: ListId): Promise<ListWithReasons> {
  allow(ctx, "contacts.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const list = await listInScope(ctx, id);
    // While it imports, the counts of the list itself say enough.
    if (list.status === "importing") return { ...list, rejectedByReason: {} };
    const rows = await ctx.tx.db
      .select({ reason: rejectedRows.reason, rows: count() })
      .from(rejectedRows)
      .where(eq(rejectedRows.listId, id))
      .groupBy(rejectedRows.reason);
    return { ...list, rejectedByReason: Object.fromEntries(rows.map((r) => [r.reason, r.rows])) };
  });
}
