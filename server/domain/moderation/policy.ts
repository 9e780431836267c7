/** A tenant's moderation policy: its own word, the floors that tenants above set on it, and what holds for it. */
import { and, eq } from "drizzle-orm";
import { moderationFloors, moderationPolicies } from "#db/schema/moderation.ts";
import { readAbove } from "#server/domain/branding/read-above.ts";
import {
  type GetPolicy,
  getPolicy as getSchema,
  type SetPolicy,
  setPolicy as setSchema,
} from "#server/domain/moderation/input.ts";
import {
  demandsOn,
  forgetPolicies,
  type ModerationMode,
  strictest,
} from "#server/domain/moderation/policy-snapshot.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Who asks for something: a tenant that the reader may see, or somebody above the reader, who is never named. */
export type SetBy = { by: "provider" } | { by: "tenant"; tenantId: string; name: string };

export type Policy = {
  tenantId: string;
  /** What the reader's tenant has set here: of itself, or as a floor for one below it. */
  own: ModerationMode;
  /** The strictest that anybody on the path asks for. */
  effective: ModerationMode;
  /** Who asks for `effective`, the one nearest the root; null when nobody does. */
  setBy: SetBy | null;
};

export async function getPolicy(ctx: Context, input: GetPolicy): Promise<Policy> {
  allow(ctx, "moderation.read");
  const { tenantId } = parse(getSchema, input);
  return inTransaction(ctx, async (ctx) => policyOf(ctx, await tenantInScope(ctx, tenantId)));
}

/**
 * Sets the mode of the actor's own tenant, or a floor for one below it. Things only become stricter downwards: what holds
 * for a tenant is the strictest of all that it and those above it ask for, so "off" under an "always" is still "always",
 * wherever that was set. Whoever set a floor lowers it, nobody below; its moderators decide what it stops.
 */
export async function setPolicy(ctx: Context, input: SetPolicy): Promise<Policy> {
  allow(ctx, "moderation.write");
  const { tenantId, mode } = parse(setSchema, input);
  const policy = await inTransaction(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    await write(ctx, tenantId, mode);
    await audit(ctx, {
      action: "moderation.set_policy",
      subjectType: "moderation_policy",
      subjectId: tenantId,
      tenantId,
      detail: { mode },
    });
    return policyOf(ctx, tenant);
  });
  forgetPolicies(ctx.db);
  return policy;
}

async function write(ctx: InTx, tenantId: string, mode: ModerationMode): Promise<void> {
  const changed = { mode, updatedAt: ctx.clock.now() };
  if (tenantId === ctx.tenantId) {
    await ctx.tx.db
      .insert(moderationPolicies)
      .values({ tenantId, ...changed })
      .onConflictDoUpdate({ target: moderationPolicies.tenantId, set: changed });
    return;
  }
  const { setByTenantId } = moderationFloors;
  await ctx.tx.db
    .insert(moderationFloors)
    .values({ tenantId, setByTenantId: ctx.tenantId, ...changed })
    .onConflictDoUpdate({ target: [moderationFloors.tenantId, setByTenantId], set: changed });
}

async function policyOf(ctx: InTx, tenant: Tenant): Promise<Policy> {
  const demands = await readAbove(ctx, (sql) => demandsOn(sql, tenant.ancestors));
  const effective = strictest(demands.map((demand) => demand.mode));
  const askers = demands.filter((demand) => demand.mode === effective).map((demand) => demand.setByTenantId);
  const first = effective === "off" ? undefined : tenant.ancestors.find((id) => askers.includes(id));
  return {
    tenantId: tenant.id,
    own: await ownWord(ctx, tenant.id),
    effective,
    setBy: first === undefined ? null : await named(ctx, first),
  };
}

async function ownWord(ctx: InTx, tenantId: string): Promise<ModerationMode> {
  const rows =
    tenantId === ctx.tenantId
      ? await ctx.tx.db.select().from(moderationPolicies).where(eq(moderationPolicies.tenantId, tenantId))
      : await ctx.tx.db
          .select()
          .from(moderationFloors)
          .where(and(eq(moderationFloors.tenantId, tenantId), eq(moderationFloors.setByTenantId, ctx.tenantId)));
  return rows[0]?.mode ?? "off";
}

async function named(ctx: InTx, tenantId: string): Promise<SetBy> {
  const seen = await tenantInScope(ctx, tenantId).catch(() => null);
  return seen ? { by: "tenant", tenantId, name: seen.name } : { by: "provider" };
}
