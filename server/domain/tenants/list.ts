/** Lists the actor's tenant and everything below it, parents before children. */
import { arrayContains } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";

/** A bound on one answer, far above a real tree's size on one screen. */
const maxRows = 2_000;

export async function listTenants(ctx: Context): Promise<Tenant[]> {
  allow(ctx, "tenants.read");
  return inTransaction(ctx, async (ctx) => {
    const rows = await ctx.tx.db
      .select()
      .from(tenants)
      .where(arrayContains(tenants.ancestors, [ctx.tenantId]))
      .limit(maxRows);
    return rows.sort((a, b) => a.ancestors.length - b.ancestors.length || a.name.localeCompare(b.name));
  });
}
