/** Edits a tenant's name and regional settings. */
import { eq } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import { updateTenant as schema, type UpdateTenant } from "#server/domain/tenants/input.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

export async function updateTenant(ctx: Context, input: UpdateTenant): Promise<Tenant> {
  allow(ctx, "tenants.write");
  const { id, ...changes } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await tenantInScope(ctx, id);
    const [row] = await ctx.tx.db
      .update(tenants)
      .set({ ...changes, updatedAt: ctx.clock.now() })
      .where(eq(tenants.id, before.id))
      .returning();
    if (!row) throw notFound("tenant");
    await audit(ctx, { action: "tenants.update", subjectType: "tenant", subjectId: id, tenantId: id, detail: changes });
    return row;
  });
}
