/** Host names: how a Host header is read, and whose a branded host is. */
import type { Context } from "#server/kernel/context.ts";

/** Lower case, without port and final dot. */
function hostName(header: string): string {
  const host = header.trim().toLowerCase();
  const bare = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
  return bare.replace(/\.$/, "");
}

/** The tenant that a verified host belongs to, with its path from the root; null for a host that nobody has. */
export async function brandHost(
  base: Pick<Context, "db">,
  header: string,
): Promise<{ tenantId: string; ancestors: string[] } | null> {
  const [row] = await base.db.sql<{ tenantId: string; ancestors: string[] }[]>`
    select h.tenant_id as "tenantId", t.ancestors from brand_hosts h join tenants t on t.id = h.tenant_id
    where h.host = ${hostName(header)} and h.verified_at is not null`;
  return row ?? null;
}
