/** What moderation means for one tenant now: mode and filters of it and everything above, compiled and kept for a moment. */
import type { Database, RawTransaction } from "#db/client.ts";
import type { moderationModes } from "#db/schema/moderation.ts";
import { compileMatcher, type Matcher } from "#server/domain/moderation/matcher.ts";
import type { InTx } from "#server/kernel/context.ts";

export type ModerationMode = (typeof moderationModes)[number];
/** setByTenantId: the filter's own tenant, or the one above that put it there. */
export type Filter = { phrase: string; action: "review" | "block"; setByTenantId: string };

export type Snapshot = {
  /** The strictest of the tenant's own mode and all above it. */
  mode: ModerationMode;
  /** With "always": the tenant nearest the root that asks for it. */
  alwaysTenantId: string | null;
  filters: Matcher<Filter>;
};

/** A change of policy reaches every process within this time. */
const keepMs = 1_500;
const maxKept = 5_000;
const kept = new WeakMap<Database["sql"], Map<string, { snapshot: Snapshot; readAtMs: number }>>();

/** @param ancestors the tenant's path, root first, itself last */
export async function moderationSnapshot(ctx: InTx, tenantId: string, ancestors: string[]): Promise<Snapshot> {
  const known = kept.get(ctx.db.sql) ?? new Map();
  kept.set(ctx.db.sql, known);
  const nowMs = ctx.clock.now().getTime();
  const last = known.get(tenantId);
  if (last && nowMs >= last.readAtMs && nowMs - last.readAtMs < keepMs) return last.snapshot;
  const snapshot = await readSnapshot(ctx, [...new Set([...ancestors, tenantId])]);
  if (known.size >= maxKept) known.clear();
  known.set(tenantId, { snapshot, readAtMs: nowMs });
  return snapshot;
}

/** Makes this process read policies again at their next use. */
export function forgetPolicies(db: Database): void {
  kept.delete(db.sql);
}

/** Modes from "anything goes" to "a person reads everything". */
const strictness = { off: 0, filters: 1, always: 2 } as const;

/** A tenant can only add to what stands above it, because the strictest mode on the path is the one that holds. */
export function strictest(modes: readonly ModerationMode[]): ModerationMode {
  return modes.reduce((most, mode) => (strictness[mode] > strictness[most] ? mode : most), "off" as ModerationMode);
}

/** What one tenant asks for on a path: of itself, or of one below it. */
export type Demand = { setByTenantId: string; mode: ModerationMode };

/**
 * All that is asked for on a path, own words and floors.
 * @param sql reads as the system: most of it stands above the tenant
 * @param path root first
 */
export function demandsOn(sql: RawTransaction, path: string[]): Promise<Demand[]> {
  return sql<Demand[]>`
    select tenant_id as "setByTenantId", mode from moderation_policies where tenant_id = any (${path}::uuid[])
    union all
    select set_by_tenant_id, mode from moderation_floors where tenant_id = any (${path}::uuid[])`;
}

async function readSnapshot(ctx: InTx, path: string[]): Promise<Snapshot> {
  const [demands, filters] = await Promise.all([
    demandsOn(ctx.tx.sql, path),
    ctx.tx.sql<Filter[]>`
      select coalesce(set_by_tenant_id, tenant_id) as "setByTenantId", phrase, action from keyword_filters
      where tenant_id = any (${path}::uuid[])`,
  ]);
  const always = demands.filter((demand) => demand.mode === "always").map((demand) => demand.setByTenantId);
  return {
    mode: strictest(demands.map((demand) => demand.mode)),
    alwaysTenantId: path.find((tenantId) => always.includes(tenantId)) ?? null,
    filters: compileMatcher(filters.map((filter) => ({ phrase: filter.phrase, value: filter }))),
  };
}
