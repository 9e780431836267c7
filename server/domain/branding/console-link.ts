/** Addresses of the console for links in e-mails: on the tenant's own host, or on the nearest above it. */
import { env } from "#env.ts";
import { readAbove } from "#server/domain/branding/read-above.ts";
import type { InTx } from "#server/kernel/context.ts";

/**
 * Never built from a request's Host header, which anybody can forge.
 * @param path begins with a slash
 */
export async function consoleLink(ctx: InTx, tenantId: string, path: string): Promise<string> {
  const host = await readAbove(ctx, async (sql) => {
    const [row] = await sql<{ host: string }[]>`
      select h.host from tenants t join brand_hosts h on h.tenant_id = any (t.ancestors) and h.verified_at is not null
      where t.id = ${tenantId}
      order by array_position(t.ancestors, h.tenant_id) desc, h.created_at, h.host limit 1`;
    return row?.host;
  });
  const url = new URL(path, env.BASE_URL ?? `http://localhost:${env.PORT}`);
  if (host) url.hostname = host;
  return url.toString();
}
