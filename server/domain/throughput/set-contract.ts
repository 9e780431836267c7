/** Agrees with a tenant below how fast it may send. Nobody sets its own contract, but the root, which has nobody above. */
import { contracts } from "#db/schema/throughput.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { type ContractView, viewOf } from "#server/domain/throughput/get-contract.ts";
import { type SetContract, setContract as schema } from "#server/domain/throughput/input.ts";
import {
  type Contract,
  contractsAbove,
  contractsGiven,
  leastMax,
  spareFor,
  sumReserved,
} from "#server/domain/throughput/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { conflict, DomainError, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

type Wanted = Pick<Contract, "reservedPerSecond" | "maxPerSecond" | "weight">;

/**
 * The same again changes nothing. Read as the platform, because contracts above the caller count, too.
 * @throws not_found `tenant_not_found` · forbidden `own_contract` · invalid_input `above_contract`, `beyond_reservation`
 * · conflict `reservation_given_out`
 */
export async function setContract(ctx: Context, input: SetContract): Promise<ContractView> {
  allow(ctx, "contracts.write");
  const { tenantId, ...wanted } = parse(schema, input);
  return asSystem(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    if (tenant.id === ctx.tenantId && tenant.parentId !== null) {
      throw new DomainError("forbidden", "own_contract", "A contract is set by your provider, not by yourself.");
    }
    const above = await contractsAbove(ctx, tenant.ancestors, true);
    await checkAgainst(ctx, { tenant, above, wanted });
    const [before] = await ctx.tx.sql<Wanted[]>`
      select reserved_per_second as "reservedPerSecond", max_per_second as "maxPerSecond", weight
      from contracts where tenant_id = ${tenantId} for update`;
    if (before && isSame(before, wanted)) return viewOf(ctx, tenant);
    const now = ctx.clock.now();
    const values = { ...wanted, setByTenantId: ctx.tenantId, updatedAt: now };
    await ctx.tx.db
      .insert(contracts)
      .values({ ...values, tenantId, createdAt: now })
      .onConflictDoUpdate({ target: contracts.tenantId, set: values });
    await audit(ctx, {
      action: "throughput.set_contract",
      subjectType: "contract",
      subjectId: tenantId,
      tenantId,
      detail: wanted,
    });
    return viewOf(ctx, tenant);
  });
}

const isSame = (a: Wanted, b: Wanted) =>
  a.reservedPerSecond === b.reservedPerSecond && a.maxPerSecond === b.maxPerSecond && a.weight === b.weight;

type Check = { tenant: Tenant; above: readonly Contract[]; wanted: Wanted };

/** Nobody gives what it has not got: no more than the contracts above allow, and no second twice. */
async function checkAgainst(ctx: InTx, { tenant, above, wanted }: Check): Promise<void> {
  const most = leastMax(above);
  if (wanted.maxPerSecond !== null && most !== null && wanted.maxPerSecond > most) {
    throw invalidInput("above_contract", `Contracts above allow at most ${most} messages per second.`, {
      field: "maxPerSecond",
      most,
    });
  }
  if (tenant.parentId === null) return;
  const least = sumReserved(await contractsGiven(ctx, tenant.id));
  if (wanted.reservedPerSecond < least) {
    throw conflict("reservation_given_out", `It has reserved ${least} messages per second for tenants below it.`, {
      field: "reservedPerSecond",
      least,
    });
  }
  const spare = await spareFor(ctx, tenant, above);
  if (spare !== null && wanted.reservedPerSecond > spare) {
    throw invalidInput("beyond_reservation", `At most ${spare} messages per second can still be reserved here.`, {
      field: "reservedPerSecond",
      most: spare,
    });
  }
}
