/** The logo's bytes: public, because a sign-in page shows it before anybody is known. */
import { z } from "zod";
import type { RawSql, RawTransaction } from "#db/client.ts";
import { brandHost } from "#server/domain/branding/host.ts";
import { readAbove } from "#server/domain/branding/read-above.ts";
import type { Context, InTx } from "#server/kernel/context.ts";

export type Logo = { png: Buffer; version: string };

/** The logo of the nearest brand at or above the host's tenant or the tenant; null when that brand has none. */
export async function readLogo(
  base: Pick<Context, "db">,
  { host, tenantId }: { host?: string | null; tenantId?: string | null },
): Promise<Logo | null> {
  const home = host ? await brandHost(base, host) : null;
  const start = home?.tenantId ?? tenantId;
  return start && z.uuid().safeParse(start).success ? nearestLogo(base.db.sql, start) : null;
}

export const readLogoWithin = (ctx: InTx, tenantId: string): Promise<Logo | null> =>
  readAbove(ctx, (sql) => nearestLogo(sql, tenantId));

async function nearestLogo(sql: RawSql | RawTransaction, tenantId: string): Promise<Logo | null> {
  const [row] = await sql<{ png: Buffer | null; version: string | null }[]>`
    select b.logo_png as png, b.logo_version as version
    from tenants t join brands b on b.tenant_id = any (t.ancestors)
    where t.id = ${tenantId}
    order by array_position(t.ancestors, b.tenant_id) desc limit 1`;
  return row?.png && row.version ? { png: row.png, version: row.version } : null;
}
