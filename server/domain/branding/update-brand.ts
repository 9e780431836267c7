/** Sets a tenant's name and colours; the first time gives it a brand of its own. */
import { brands } from "#db/schema/branding.ts";
import { type BrandSettings, brandSettings } from "#server/domain/branding/get-brand.ts";
import { updateBrand as schema, type UpdateBrand } from "#server/domain/branding/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Colours on which neither white nor near-black text reaches WCAG AA are refused. */
export async function updateBrand(ctx: Context, input: UpdateBrand): Promise<BrandSettings> {
  allow(ctx, "branding.write");
  const { tenantId, ...values } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const changed = { ...values, updatedAt: ctx.clock.now() };
    await ctx.tx.db
      .insert(brands)
      .values({ tenantId, ...changed })
      .onConflictDoUpdate({ target: brands.tenantId, set: changed });
    await audit(ctx, {
      action: "branding.update",
      subjectType: "brand",
      subjectId: tenantId,
      tenantId,
      detail: values,
    });
    return brandSettings(ctx, tenantId);
  });
}
