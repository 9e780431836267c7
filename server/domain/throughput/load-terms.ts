/** All contracts, as the division of traffic needs them. */
import type { ContractTerms } from "#server/domain/throughput/book.ts";
import type { InTx } from "#server/kernel/context.ts";

type Row = Omit<ContractTerms, "part"> & { ancestors: string[] };

/** What a tenant reserved for others below it is theirs: it counts with what it has left for itself and the rest. */
export async function loadTerms(ctx: InTx): Promise<ContractTerms[]> {
  const rows = await ctx.tx.sql<Row[]>`
    select c.tenant_id as "tenantId", c.reserved_per_second as "reservedPerSecond",
      c.max_per_second as "maxPerSecond", c.weight, t.ancestors
    from contracts c join tenants t on t.id = c.tenant_id`;
  const left = new Map(rows.map((row) => [row.tenantId, row.reservedPerSecond]));
  for (const { tenantId, ancestors, reservedPerSecond } of rows) {
    const holder = ancestors.findLast((id) => id !== tenantId && left.has(id));
    if (holder) left.set(holder, (left.get(holder) ?? 0) - reservedPerSecond);
  }
  return rows.map(({ tenantId, maxPerSecond, weight }) => ({
    tenantId,
    reservedPerSecond: Math.max(0, left.get(tenantId) ?? 0),
    maxPerSecond,
    weight,
    part: 1,
  }));
}
