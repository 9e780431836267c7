/** The address under which a tenant's programs reach the API: its own host, or its path on the nearest host above it. */
import { consoleLink } from "#server/domain/branding/console-link.ts";
import { type ServiceUrl, serviceUrl as schema } from "#server/domain/branding/input.ts";
import { servicePathOf } from "#server/domain/branding/service-path.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @returns without a slash at the end: `${url}/api/v1/messages` */
export async function serviceUrl(ctx: Context, input: ServiceUrl): Promise<{ url: string }> {
  allow(ctx, "keys.read");
  const { tenantId = ctx.tenantId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const own = await ctx.tx.sql`
      select 1 from brand_hosts where tenant_id = ${tenantId} and verified_at is not null limit 1`;
    const link = await consoleLink(ctx, tenantId, own.length > 0 ? "/" : servicePathOf(tenantId));
    return { url: link.replace(/\/$/, "") };
  });
}
