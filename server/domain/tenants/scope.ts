/** Scoping: loads a tenant only if it is the actor's own or below it. Every verb that names a tenant goes through here. */
import { and, arrayContains, eq } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

export type Tenant = typeof tenants.$inferSelect;

/** @throws not_found `tenant_not_found`, also for a tenant that exists outside the scope */
export async function tenantInScope(ctx: InTx, tenantId: string): Promise<Tenant> {
  const [row] = await ctx.tx.db
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), arrayContains(tenants.ancestors, [ctx.tenantId])));
  if (!row) throw notFound("tenant");
  return row;
}

/** A child, one level below the actor's tenant or deeper, but never the actor's own. */
export async function descendantInScope(ctx: InTx, tenantId: string): Promise<Tenant> {
  const row = await tenantInScope(ctx, tenantId);
  if (row.id === ctx.tenantId) throw notFound("tenant");
  return row;
}
