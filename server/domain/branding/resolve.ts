/** Whose name and colours to show: by the host asked for, or by the nearest brand at or above a tenant. */
import type { z } from "zod";
import type { RawSql, RawTransaction } from "#db/client.ts";
import { textColorOn } from "#server/domain/branding/contrast.ts";
import { brandHost } from "#server/domain/branding/host.ts";
import { readAbove } from "#server/domain/branding/read-above.ts";
import type { locale } from "#server/domain/tenants/input.ts";
import type { Context, InTx } from "#server/kernel/context.ts";

export type Locale = z.output<typeof locale>;

export type Brand = {
  /** Whose brand it is; null for the neutral one. */
  tenantId: string | null;
  productName: string;
  primaryColor: string;
  accentColor: string;
  /** White or near-black, whichever reads better on the primary colour. */
  onPrimaryColor: string;
  /** Changes with the picture, so that it can be cached for ever; null = no logo. */
  logoVersion: string | null;
  supportEmail: string | null;
  emailFromName: string | null;
  /** The language of the brand's tenant; null for the neutral brand. */
  locale: Locale | null;
};

export const neutralBrand: Brand = {
  tenantId: null,
  productName: "Banyan",
  primaryColor: "#0f766e",
  accentColor: "#b45309",
  onPrimaryColor: textColorOn("#0f766e"),
  logoVersion: null,
  supportEmail: null,
  emailFromName: null,
  locale: null,
};

/** For pages: public, because the sign-in page of a host shows it. The host wins over the tenant. */
export async function resolveBrand(
  base: Pick<Context, "db">,
  { host, tenantId }: { host?: string | null; tenantId?: string | null },
): Promise<Brand> {
  const home = host ? await brandHost(base, host) : null;
  const start = home?.tenantId ?? tenantId;
  return start ? nearestBrand(base.db.sql, start) : neutralBrand;
}

/** The brand at or above a tenant, read in the open transaction. */
export async function brandWithin(ctx: InTx, tenantId: string): Promise<Brand> {
  return readAbove(ctx, (sql) => nearestBrand(sql, tenantId));
}

async function nearestBrand(sql: RawSql | RawTransaction, tenantId: string): Promise<Brand> {
  const [row] = await sql<Omit<Brand, "onPrimaryColor">[]>`
    select b.tenant_id as "tenantId", b.product_name as "productName", b.primary_color as "primaryColor",
           b.accent_color as "accentColor", b.logo_version as "logoVersion", b.support_email as "supportEmail",
           b.email_from_name as "emailFromName", owner.locale
    from tenants t join brands b on b.tenant_id = any (t.ancestors) join tenants owner on owner.id = b.tenant_id
    where t.id = ${tenantId}
    order by array_position(t.ancestors, b.tenant_id) desc limit 1`;
  return row ? { ...row, onPrimaryColor: textColorOn(row.primaryColor) } : neutralBrand;
}
