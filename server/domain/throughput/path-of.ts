/** The way from the root to a tenant, which never changes: for edges that must know whose contracts a message is under. */
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** @returns ids, the root first, the tenant last; just the tenant when nobody knows it · @throws forbidden for anybody but a worker */
export async function pathOf(ctx: Context, tenantId: string): Promise<string[]> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.exchange");
  const rows = await asSystem(
    ctx,
    ({ tx: { sql } }) => sql<{ ancestors: string[] }[]>`select ancestors from tenants where id = ${tenantId}`,
  );
  return rows[0]?.ancestors ?? [tenantId];
}
