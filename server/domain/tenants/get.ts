/** One tenant, with its path from the actor's own tenant down: what is above the actor stays unseen. */
import { inArray } from "drizzle-orm";
import { z } from "zod";
import { tenants } from "#db/schema/tenants.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type TenantWithPath = Tenant & { path: { id: string; name: string }[]; isSuspendedAbove: boolean };

export async function getTenant(ctx: Context, input: { id: string }): Promise<TenantWithPath> {
  allow(ctx, "tenants.read");
  const { id } = parse(z.strictObject({ id: z.uuid() }), input);
  return inTransaction(ctx, async (ctx) => {
    const row = await tenantInScope(ctx, id);
    const visible = row.ancestors.slice(row.ancestors.indexOf(ctx.tenantId));
    const above = await ctx.tx.db.select().from(tenants).where(inArray(tenants.id, visible));
    const byId = new Map(above.map((t) => [t.id, t]));
    const path = visible.map((step) => ({ id: step, name: byId.get(step)?.name ?? "" }));
    const isSuspendedAbove = visible.slice(0, -1).some((step) => byId.get(step)?.status === "suspended");
    return { ...row, path, isSuspendedAbove };
  });
}
