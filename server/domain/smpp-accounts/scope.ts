/** Scoping: accounts are seen by their tenant and by those above it. The password's hash never leaves the room. */
import { and, arrayContains, eq, getTableColumns, inArray } from "drizzle-orm";
import { smppAccounts } from "#db/schema/smpp.ts";
import { tenants } from "#db/schema/tenants.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

const { passwordHash: _, ...shown } = getTableColumns(smppAccounts);
/** Every column but the password's hash. */
export const accountColumns = shown;
export type SmppAccount = Omit<typeof smppAccounts.$inferSelect, "passwordHash">;

/** Locks the row. @throws not_found `smpp_account_not_found`, also for one of a tenant outside the subtree */
export async function lockAccount(ctx: InTx, accountId: string): Promise<SmppAccount> {
  const subtree = ctx.tx.db
    .select({ id: tenants.id })
    .from(tenants)
    .where(arrayContains(tenants.ancestors, [ctx.tenantId]));
  const [row] = await ctx.tx.db
    .select(accountColumns)
    .from(smppAccounts)
    .where(and(eq(smppAccounts.id, accountId), inArray(smppAccounts.tenantId, subtree)))
    .for("update");
  if (!row) throw notFound("smpp_account");
  return row;
}
