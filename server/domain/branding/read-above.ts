/** Reads what stands above the tenant, inside its own open transaction. */
import type { RawTransaction } from "#db/client.ts";
import type { InTx } from "#server/kernel/context.ts";

/**
 * A tenant's transaction cannot see the rows of its ancestors, so the role is lent for one read, scoped by hand. (A second
 * connection here could make a full pool wait for itself.) When the read fails the transaction is over, role and all.
 */
export async function readAbove<T>(ctx: InTx, read: (sql: RawTransaction) => Promise<T>): Promise<T> {
  const { sql } = ctx.tx;
  const [before] = await sql<{ role: string }[]>`select current_setting('role') as role`;
  await sql`select set_config('role', 'banyan_system', true)`;
  const result = await read(sql);
  await sql`select set_config('role', ${before?.role ?? "banyan_app"}, true)`;
  return result;
}
