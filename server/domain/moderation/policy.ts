/** A tenant's moderation policy: its own word, and what holds for it. */
import { moderationPolicies } from "#db/schema/moderation.ts";
import { readAbove } from "#server/domain/branding/read-above.ts";
import {
  type GetPolicy,
  getPolicy as getSchema,
  type SetPolicy,
  setPolicy as setSchema,
} from "#server/domain/moderation/input.ts";
import { forgetPolicies, type ModerationMode, strictest } from "#server/domain/moderation/policy-snapshot.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Policy = {
  tenantId: string;
  own: ModerationMode;
  /** The strictest of its own and all above it; who above asks for it is not told. */
  effective: ModerationMode;
};

export async function getPolicy(ctx: Context, input: GetPolicy): Promise<Policy> {
  allow(ctx, "moderation.read");
  const { tenantId } = parse(getSchema, input);
  return inTransaction(ctx, (ctx) => policyOf(ctx, tenantId));
}

/**
 * Sets the mode of the actor's own tenant or of one below it. It can only make things stricter below, by construction:
 * what holds for a tenant is the strictest mode on its path, so "off" under an "always" is still "always". A tenant that
 * wants to bind those below it sets its own mode; a mode set on one below belongs to that one, and its moderators decide.
 */
export async function setPolicy(ctx: Context, input: SetPolicy): Promise<Policy> {
  allow(ctx, "moderation.write");
  const { tenantId, mode } = parse(setSchema, input);
  const policy = await inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const changed = { mode, updatedAt: ctx.clock.now() };
    await ctx.tx.db
      .insert(moderationPolicies)
      .values({ tenantId, ...changed })
      .onConflictDoUpdate({ target: moderationPolicies.tenantId, set: changed });
    await audit(ctx, {
      action: "moderation.set_policy",
      subjectType: "moderation_policy",
      subjectId: tenantId,
      tenantId,
      detail: { mode },
    });
    return policyOf(ctx, tenantId);
  });
  forgetPolicies(ctx.db);
  return policy;
}

async function policyOf(ctx: InTx, tenantId: string): Promise<Policy> {
  const tenant = await tenantInScope(ctx, tenantId);
  const rows = await readAbove(
    ctx,
    (sql) => sql<{ tenantId: string; mode: ModerationMode }[]>`
      select tenant_id as "tenantId", mode from moderation_policies where tenant_id = any (${tenant.ancestors}::uuid[])`,
  );
  return {
    tenantId,
    own: rows.find((row) => row.tenantId === tenantId)?.mode ?? "off",
    effective: strictest(rows.map((row) => row.mode)),
  };
}
