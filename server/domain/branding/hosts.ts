/** Host names on which a tenant's sign-in page and console answer. A host belongs to one tenant. */
import { and, eq, isNull } from "drizzle-orm";
import { brandHosts } from "#db/schema/branding.ts";
import { env } from "#env.ts";
import { type BrandSettings, brandSettings } from "#server/domain/branding/get-brand.ts";
import {
  type AddHost,
  addHost as addSchema,
  type RemoveHost,
  removeHost as removeSchema,
} from "#server/domain/branding/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * A host answers once it is verified: at once when a tenant above adds it, when the tenant is a root, or under
 * .localhost; a name that a tenant adds for itself waits, and gives way to whoever is verified first.
 * Adding a host that the tenant has already changes nothing (but a tenant above verifies it so).
 * @throws conflict `host_taken` · invalid_input `host_reserved`
 */
export async function addHost(ctx: Context, input: AddHost): Promise<BrandSettings> {
  allow(ctx, "branding.write");
  const { tenantId, host } = parse(addSchema, input);
  if (env.BASE_URL && new URL(env.BASE_URL).hostname === host) {
    throw invalidInput("host_reserved", "This is the installation's own address.", { field: "host" });
  }
  // Another tenant's claim lies outside the scope: the system looks, and nothing of it is returned.
  await asSystem(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    const isTrusted = tenant.id !== ctx.tenantId || tenant.parentId === null || host.endsWith(".localhost");
    const now = ctx.clock.now();
    const verifiedAt = isTrusted ? now : null;
    const unverified = and(eq(brandHosts.host, host), isNull(brandHosts.verifiedAt));
    if (isTrusted) await ctx.tx.db.delete(brandHosts).where(unverified);
    const added = await ctx.tx.db
      .insert(brandHosts)
      .values({ host, tenantId, verifiedAt, createdAt: now })
      .onConflictDoNothing()
      .returning();
    if (!added.length) {
      const [known] = await ctx.tx.db.select().from(brandHosts).where(eq(brandHosts.host, host));
      if (known?.tenantId === tenantId) return;
      throw conflict("host_taken", "This host is in use. Choose another one.", { field: "host" });
    }
    await audit(ctx, {
      action: "branding.add_host",
      subjectType: "brand",
      subjectId: tenantId,
      tenantId,
      detail: { host, isVerified: isTrusted },
    });
  });
  return inTransaction(ctx, (ctx) => brandSettings(ctx, tenantId));
}

export async function removeHost(ctx: Context, input: RemoveHost): Promise<BrandSettings> {
  allow(ctx, "branding.write");
  const { tenantId, host } = parse(removeSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const removed = await ctx.tx.db
      .delete(brandHosts)
      .where(and(eq(brandHosts.tenantId, tenantId), eq(brandHosts.host, host)))
      .returning();
    if (removed.length) {
      await audit(ctx, {
        action: "branding.remove_host",
        subjectType: "brand",
        subjectId: tenantId,
        tenantId,
        detail: { host },
      });
    }
    return brandSettings(ctx, tenantId);
  });
}
