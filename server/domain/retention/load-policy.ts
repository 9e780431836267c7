/** The policy in force, and who may see and change it: the platform's own tenants, those with nobody above. */

import type { RetentionPolicy } from "#server/domain/retention/input.ts";
import { defaultPolicy, type Kind } from "#server/domain/retention/plan.ts";
import type { InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** @param ctx a system transaction */
export async function loadPolicy(ctx: InTx): Promise<RetentionPolicy> {
  const rows = await ctx.tx.sql<{ kind: Kind; keepDays: number | null }[]>`
    select kind, keep_days as "keepDays" from retention_policies`;
  return { ...defaultPolicy, ...Object.fromEntries(rows.map(({ kind, keepDays }) => [kind, keepDays])) };
}

/** Days hold the messages of all tenants. @throws forbidden for everybody below a root */
export async function allowRoot(ctx: InTx): Promise<void> {
  const [root] = await ctx.tx.sql`select 1 from tenants where id = ${ctx.tenantId} and parent_id is null`;
  if (!root) throw forbidden("retention");
}
