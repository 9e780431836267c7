/** A tenant's own brand and hosts for the settings page, with what is shown while it has none. */
import { asc, eq } from "drizzle-orm";
import { brandHosts, brands } from "#db/schema/branding.ts";
import { type GetBrand, getBrand as schema } from "#server/domain/branding/input.ts";
import { type Brand, brandWithin } from "#server/domain/branding/resolve.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type BrandSettings = {
  tenantId: string;
  /** Null: the tenant has no brand of its own and shows the nearest one above it. */
  own: Pick<
    typeof brands.$inferSelect,
    "productName" | "primaryColor" | "accentColor" | "supportEmail" | "emailFromName" | "logoVersion"
  > | null;
  /** What its people see now. Its tenantId is null unless it is in the reader's scope. */
  shown: Brand;
  hosts: { host: string; isVerified: boolean }[];
};

export async function getBrand(ctx: Context, input: GetBrand): Promise<BrandSettings> {
  allow(ctx, "tenants.read");
  const { tenantId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    return brandSettings(ctx, tenantId);
  });
}

export async function brandSettings(ctx: InTx, tenantId: string): Promise<BrandSettings> {
  const [own] = await ctx.tx.db
    .select({
      productName: brands.productName,
      primaryColor: brands.primaryColor,
      accentColor: brands.accentColor,
      supportEmail: brands.supportEmail,
      emailFromName: brands.emailFromName,
      logoVersion: brands.logoVersion,
    })
    .from(brands)
    .where(eq(brands.tenantId, tenantId));
  const hosts = await ctx.tx.db
    .select({ host: brandHosts.host, verifiedAt: brandHosts.verifiedAt })
    .from(brandHosts)
    .where(eq(brandHosts.tenantId, tenantId))
    .orderBy(asc(brandHosts.host));
  const shown = await brandWithin(ctx, tenantId);
  const isVisible = shown.tenantId !== null && (await isInScope(ctx, shown.tenantId));
  return {
    tenantId,
    own: own ?? null,
    shown: { ...shown, tenantId: isVisible ? shown.tenantId : null },
    hosts: hosts.map(({ host, verifiedAt }) => ({ host, isVerified: verifiedAt !== null })),
  };
}

const isInScope = (ctx: InTx, tenantId: string): Promise<boolean> =>
  tenantInScope(ctx, tenantId).then(
    () => true,
    () => false,
  );
