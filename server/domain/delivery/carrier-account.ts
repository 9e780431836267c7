/** Connectors that share one account at a carrier: it hands receipts to whichever of their binds it likes. */
import type { InTx } from "#server/kernel/context.ts";

/**
 * @returns the other connectors of this one's owner with the same host, port and system_id, disabled ones as well: what
 * they sent before still has its receipts to come. An HTTP partner names the connector in the address that it calls.
 */
export async function sameAccount(ctx: InTx, connectorId: string): Promise<string[]> {
  const rows = await ctx.tx.sql<{ id: string }[]>`
    select other.id from connectors own join connectors other
      on other.tenant_id = own.tenant_id and other.kind = own.kind and other.id <> own.id
      and lower(other.host) = lower(own.host) and other.port = own.port and other.system_id = own.system_id
    where own.id = ${connectorId} and own.kind = 'smpp' order by other.id`;
  return rows.map(({ id }) => id);
}
