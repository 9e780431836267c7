/** Reads a list in the order of its recipients, chunk by chunk. */
import type { InTx } from "#server/kernel/context.ts";

export type Recipient = {
  ordinal: number;
  msisdn: string;
  operatorId: string;
  fields: Record<string, string>;
};

/** @property after the last ordinal that was read; 0 at the beginning */
export type Stretch = { listId: string; after: number; limit: number };

export async function readRecipients(ctx: InTx, { listId, after, limit }: Stretch): Promise<Recipient[]> {
  return ctx.tx.sql<Recipient[]>`
    select r.ordinal, r.msisdn, coalesce(r.operator_id, '') as "operatorId", r.fields
    from recipients r
    where r.list_id = ${listId} and r.ordinal > ${after}
    order by r.ordinal limit ${limit}`;
}

/** The same, with those that have opted out since the import: who sends is told by submit. */
export async function readWithOptOuts(
  ctx: InTx,
  { listId, after, limit }: Stretch,
): Promise<(Recipient & { isOptedOut: boolean })[]> {
  return ctx.tx.sql<(Recipient & { isOptedOut: boolean })[]>`
    select r.ordinal, r.msisdn, coalesce(r.operator_id, '') as "operatorId", r.fields,
      exists (select from opt_outs o where o.tenant_id = r.tenant_id and o.msisdn = r.msisdn) as "isOptedOut"
    from recipients r
    where r.list_id = ${listId} and r.ordinal > ${after}
    order by r.ordinal limit ${limit}`;
}

/** How far a look for the longest rows goes: the counter is live, the quote reads everything. */
const searchedRows = 50_000;

/**
 * The rows whose values would make the longest texts. A character outside ASCII may halve what fits into a part, so
 * values that hold one count double.
 */
export async function readLongest(
  ctx: InTx,
  search: { listId: string; columns: readonly string[]; limit: number },
): Promise<Recipient[]> {
  return ctx.tx.sql<Recipient[]>`
    select r.ordinal, r.msisdn, coalesce(r.operator_id, '') as "operatorId", r.fields
    from recipients r
    where r.list_id = ${search.listId} and r.ordinal <= ${searchedRows}
    order by (
      select sum(length(e.value) * case when e.value ~ '[^ -~]' then 2 else 1 end)
      from jsonb_each_text(r.fields) e where e.key = any(${[...search.columns]}::text[])
    ) desc nulls last, r.ordinal
    limit ${search.limit}`;
}
