/** Scoping of the contacts room: a list of the caller's tenant or of one below it, or not_found. */
import { and, eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

/** `attemptId` is the import's own business. */
const columns = {
  id: recipientLists.id,
  tenantId: recipientLists.tenantId,
  name: recipientLists.name,
  fileName: recipientLists.fileName,
  status: recipientLists.status,
  failure: recipientLists.failure,
  fields: recipientLists.fields,
  rowCount: recipientLists.rowCount,
  acceptedCount: recipientLists.acceptedCount,
  invalidCount: recipientLists.invalidCount,
  duplicateCount: recipientLists.duplicateCount,
  optedOutCount: recipientLists.optedOutCount,
  createdBy: recipientLists.createdBy,
  createdAt: recipientLists.createdAt,
  progressAt: recipientLists.progressAt,
  finishedAt: recipientLists.finishedAt,
};
export const listColumns = columns;
export type RecipientList = Pick<typeof recipientLists.$inferSelect, keyof typeof columns>;

/** @throws not_found `list_not_found`, also for a list that exists outside the scope */
export async function listInScope(ctx: InTx, id: string): Promise<RecipientList> {
  const [row] = await ctx.tx.db.select(columns).from(recipientLists).where(eq(recipientLists.id, id));
  if (!row) throw notFound("list");
  await tenantInScope(ctx, row.tenantId).catch(() => {
    throw notFound("list");
  });
  return row;
}

/** Only the tenant that owns a list changes it; what stands above it may look. */
export async function ownList(ctx: InTx, id: string): Promise<RecipientList> {
  const [row] = await ctx.tx.db
    .select(columns)
    .from(recipientLists)
    .where(and(eq(recipientLists.id, id), eq(recipientLists.tenantId, ctx.tenantId)));
  if (!row) throw notFound("list");
  return row;
}
