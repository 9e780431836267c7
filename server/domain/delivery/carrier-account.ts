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

/** With more open receipts than this, answers are looked for among them by the database. */
const mostListed = 50;

export type AccountParking = {
  connectorIds: string[];
  /** The carrier ids of the open receipts that came over these connectors; null when there are many. */
  parkedIds: ReadonlySet<string> | null;
};

/** The account's connectors, this one included, and what is parked there: mostly nothing, and then nothing need be looked for. */
export async function accountParking(ctx: InTx, connectorId: string): Promise<AccountParking> {
  const rows = await ctx.tx.sql<{ id: string; parkedIds: string[] }[]>`
    select c.id, array(select p.carrier_id from parked_receipts p
      where p.connector_id = c.id and p.resolved_at is null limit ${mostListed + 1}) as "parkedIds"
    from (select ${connectorId}::uuid as id union all
      select other.id from connectors own join connectors other
        on other.tenant_id = own.tenant_id and other.kind = own.kind and other.id <> own.id
        and lower(other.host) = lower(own.host) and other.port = own.port and other.system_id = own.system_id
      where own.id = ${connectorId} and own.kind = 'smpp') c`;
  const parked = rows.flatMap((row) => row.parkedIds);
  return { connectorIds: rows.map(({ id }) => id), parkedIds: parked.length > mostListed ? null : new Set(parked) };
}
