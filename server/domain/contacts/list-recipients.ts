/** The recipients of a list and its rejected rows, page by page. */
import { and, asc, eq, gt } from "drizzle-orm";
import { recipients, rejectedRows } from "#db/schema/contacts.ts";
import { type ListRows, listRows as schema } from "#server/domain/contacts/input.ts";
import { listInScope } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Recipient = {
  ordinal: number;
  msisdn: string;
  operatorId: string | null;
  fields: Record<string, string>;
};
export type RejectedRow = Pick<typeof rejectedRows.$inferSelect, "rowNumber" | "value" | "reason" | "detail">;
/** `nextAfter` is what to ask for next, null at the end. */
export type Rows<T> = { items: T[]; nextAfter: number | null };

export async function listRecipients(ctx: Context, input: ListRows): Promise<Rows<Recipient>> {
  allow(ctx, "contacts.read");
  const { id, after, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await listInScope(ctx, id);
    const { ordinal, msisdn, operatorId, fields } = recipients;
    const items = await ctx.tx.db
      .select({ ordinal, msisdn, operatorId, fields })
      .from(recipients)
      .where(and(eq(recipients.listId, id), gt(ordinal, after)))
      .orderBy(asc(ordinal))
      .limit(limit);
    return { items, nextAfter: items.length < limit ? null : (items.at(-1)?.ordinal ?? null) };
  });
}

export async function listRejectedRows(ctx: Context, input: ListRows): Promise<Rows<RejectedRow>> {
  allow(ctx, "contacts.read");
  const { id, after, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await listInScope(ctx, id);
    const { rowNumber, value, reason, detail } = rejectedRows;
    const items = await ctx.tx.db
      .select({ rowNumber, value, reason, detail })
      .from(rejectedRows)
      .where(and(eq(rejectedRows.listId, id), gt(rowNumber, after)))
      .orderBy(asc(rowNumber))
      .limit(limit);
    return { items, nextAfter: items.length < limit ? null : (items.at(-1)?.rowNumber ?? null) };
  });
}
