/** Contracts of a tree as the verbs need them: who stands over a tenant, and who was given what by whom. */
import { and, arrayContains, eq, inArray, ne } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import { contracts } from "#db/schema/throughput.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";

export type Contract = typeof contracts.$inferSelect;
export type Placed = Contract & { ancestors: string[] };

/** Of the tenant's ancestors, the nearest first, without its own; locked, so that two cannot give out the same. */
export async function contractsAbove(ctx: InTx, ancestors: readonly string[], lock = false): Promise<Contract[]> {
  const above = ancestors.slice(0, -1);
  if (above.length === 0) return [];
  const query = ctx.tx.db
    .select()
    .from(contracts)
    .where(inArray(contracts.tenantId, above))
    .orderBy(contracts.tenantId);
  const rows = await (lock ? query.for("update") : query);
  const found = new Map(rows.map((row) => [row.tenantId, row]));
  return above.toReversed().flatMap((tenantId) => found.get(tenantId) ?? []);
}

/** The first contracts below a tenant on every way down: what they reserve, they have from it. */
export async function contractsGiven(ctx: InTx, tenantId: string): Promise<Placed[]> {
  const rows = await ctx.tx.db
    .select({ contract: contracts, ancestors: tenants.ancestors })
    .from(contracts)
    .innerJoin(tenants, eq(tenants.id, contracts.tenantId))
    .where(and(arrayContains(tenants.ancestors, [tenantId]), ne(tenants.id, tenantId)));
  const withContract = new Set(rows.map(({ contract }) => contract.tenantId));
  return rows
    .filter(({ ancestors }) => {
      const between = ancestors.slice(ancestors.indexOf(tenantId) + 1, -1);
      return !between.some((id) => withContract.has(id));
    })
    .map(({ contract, ancestors }) => ({ ...contract, ancestors }));
}

export const sumReserved = (rows: readonly Contract[]): number =>
  rows.reduce((sum, { reservedPerSecond }) => sum + reservedPerSecond, 0);

/** The least that any of them allows; null = none of them has a bound. */
export const leastMax = (rows: readonly Pick<Contract, "maxPerSecond">[]): number | null =>
  rows.reduce<number | null>(
    (least, { maxPerSecond }) => (maxPerSecond === null ? least : Math.min(least ?? maxPerSecond, maxPerSecond)),
    null,
  );

/**
 * Messages per second that can be reserved for this tenant: what the nearest contract above has and gave to no other.
 * The root has the carriers: it reserves what it likes (null); without a contract of its own nobody else has anything.
 */
export async function spareFor(ctx: InTx, tenant: Tenant, above: readonly Contract[]): Promise<number | null> {
  const [root] = tenant.ancestors;
  const holder = above.find(({ tenantId }) => tenantId !== root);
  if (!holder) return ctx.tenantId === root ? null : 0;
  const others = (await contractsGiven(ctx, holder.tenantId)).filter(({ ancestors }) => !ancestors.includes(tenant.id));
  return Math.max(0, holder.reservedPerSecond - sumReserved(others));
}
