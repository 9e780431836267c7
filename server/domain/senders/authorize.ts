/** Which sender names a tenant may send with, now: read at every submission, so that a revocation counts at once. */
import type { senders } from "#db/schema/senders.ts";
import type { InTx } from "#server/kernel/context.ts";

export type AuthorizedSender = Pick<typeof senders.$inferSelect, "id" | "name" | "status">;

/**
 * @param names as the caller wrote them; case does not matter
 * @returns lower-case name → the tenant's own approved sender; a name that is missing may not be used
 */
export async function authorizeSender(
  ctx: InTx,
  { tenantId, names }: { tenantId: string; names: readonly string[] },
): Promise<Map<string, AuthorizedSender>> {
  const wanted = [...new Set(names.map((name) => name.toLowerCase()))];
  if (!wanted.length) return new Map();
  const rows = await ctx.tx.sql<AuthorizedSender[]>`
    select id, name, status from senders
    where tenant_id = ${tenantId} and lower(name) = any (${wanted}::text[]) and status = 'approved'`;
  return new Map(rows.map((row) => [row.name.toLowerCase(), row]));
}
