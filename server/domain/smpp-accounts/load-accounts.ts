/** Accounts as servers need them: settings, zone, and whether anybody above has switched them off. */
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import { allowServer } from "#server/domain/smpp-accounts/work.ts";
import type { Context } from "#server/kernel/context.ts";

type Wanted = { ids: readonly string[] } | { systemId: string };
export type AccountWithHash = BindAccount & { passwordHash: string };

/** @returns what is there, in no order */
export async function loadAccounts(ctx: Context, wanted: Wanted): Promise<AccountWithHash[]> {
  allowServer(ctx);
  const { sql } = ctx.db;
  return sql<AccountWithHash[]>`
    select a.id, a.tenant_id as "tenantId", a.name, a.system_id as "systemId", a.password_hash as "passwordHash",
      a.allowed_ips as "allowedIps", a.max_binds as "maxBinds", a.window_size as "windowSize",
      a.receipt_window as "receiptWindow", a.max_per_second as "maxPerSecond", a.default_alphabet as "defaultAlphabet",
      a.traffic_class as "trafficClass", a.class_from as "classFrom", a.receipt_zone as "receiptZone",
      a.inactivity_seconds as "inactivitySeconds", a.status, t.time_zone as "timeZone",
      a.status = 'enabled' and not exists (
        select from tenants s where s.id = any(t.ancestors) and s.status <> 'active') as "isActive"
    from smpp_accounts a join tenants t on t.id = a.tenant_id
    where ${"ids" in wanted ? sql`a.id = any(${[...wanted.ids]}::uuid[])` : sql`a.system_id = ${wanted.systemId}`}`;
}
