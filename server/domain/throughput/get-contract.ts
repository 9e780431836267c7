/** A tenant's contract with what bounds it; of the contracts above, only what follows for this one. */
import { eq } from "drizzle-orm";
import { contracts } from "#db/schema/throughput.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { type ContractOf, contractOf as schema } from "#server/domain/throughput/input.ts";
import {
  type Contract,
  contractsAbove,
  contractsGiven,
  leastMax,
  spareFor,
  sumReserved,
} from "#server/domain/throughput/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type ContractView = {
  tenantId: string;
  /** Null: nothing was agreed, which is the same as nothing reserved, no bound, weight 1. */
  contract: Pick<Contract, "reservedPerSecond" | "maxPerSecond" | "weight" | "updatedAt"> | null;
  /** What holds in fact, with the contracts above; null = no bound. */
  maxPerSecond: number | null;
  /** Of what is reserved, what it has reserved for tenants below it. */
  givenPerSecond: number;
  /** What the caller could reserve here at most; null = no bound. */
  reservablePerSecond: number | null;
};

/** @throws not_found `tenant_not_found` */
export async function getContract(ctx: Context, input: ContractOf = {}): Promise<ContractView> {
  allow(ctx, "tenants.read");
  const { tenantId = ctx.tenantId } = parse(schema, input);
  return asSystem(ctx, async (ctx) => viewOf(ctx, await tenantInScope(ctx, tenantId)));
}

/** Of a tenant in the caller's scope, in a transaction that sees the tree. */
export async function viewOf(ctx: InTx, tenant: Tenant): Promise<ContractView> {
  const [row] = await ctx.tx.db.select().from(contracts).where(eq(contracts.tenantId, tenant.id));
  const above = await contractsAbove(ctx, tenant.ancestors);
  return {
    tenantId: tenant.id,
    contract: row ? shown(row) : null,
    maxPerSecond: leastMax([...(row ? [row] : []), ...above]),
    givenPerSecond: sumReserved(await contractsGiven(ctx, tenant.id)),
    reservablePerSecond: tenant.id === ctx.tenantId ? null : await spareFor(ctx, tenant, above),
  };
}

const shown = ({ reservedPerSecond, maxPerSecond, weight, updatedAt }: Contract) => ({
  reservedPerSecond,
  maxPerSecond,
  weight,
  updatedAt,
});
