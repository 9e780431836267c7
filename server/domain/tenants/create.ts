/** Creates a tenant below the actor's own, or below one of its descendants. */
import { tenants } from "#db/schema/tenants.ts";
import { type CreateTenant, createTenant as schema } from "#server/domain/tenants/input.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Deep enough for any sales channel, shallow enough to keep a send's money to a bounded number of hops. */
const maxDepth = 12;

/**
 * Idempotent by `input.id`: the same id again returns the tenant that it made.
 * @throws not_found parent outside the scope · invalid_input `tree_too_deep` · conflict `tenant_id_taken`
 */
export async function createTenant(ctx: Context, input: CreateTenant): Promise<Tenant> {
  allow(ctx, "tenants.write");
  const wanted = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const parent = await tenantInScope(ctx, wanted.parentId);
    if (parent.ancestors.length >= maxDepth) {
      throw invalidInput("tree_too_deep", `A tree has at most ${maxDepth} levels.`);
    }
    const [row] = await ctx.tx.db
      .insert(tenants)
      .values({
        ...wanted,
        ancestors: [...parent.ancestors, wanted.id],
        createdAt: ctx.clock.now(),
        updatedAt: ctx.clock.now(),
      })
      .onConflictDoNothing()
      .returning();
    if (!row) {
      const known = await tenantInScope(ctx, wanted.id).catch(() => null);
      if (known?.parentId === wanted.parentId && known.name === wanted.name) return known;
      throw conflict("tenant_id_taken", "This id is in use. Choose a new one.");
    }
    await audit(ctx, {
      action: "tenants.create",
      subjectType: "tenant",
      subjectId: row.id,
      tenantId: row.id,
      detail: { name: row.name, parentId: row.parentId, kind: row.kind },
    });
    return row;
  });
}
