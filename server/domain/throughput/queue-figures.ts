/** What waits for carriers, by lane and by tenant, as of the last count: how many, since when, how much longer. */
import { arrayContains, eq, inArray } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import { queueDepths } from "#db/schema/throughput.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { type QueueFigures, queueFigures as schema } from "#server/domain/throughput/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export const laneNames = ["otp", "transactional", "bulk"] as const;
export type LaneName = (typeof laneNames)[number];
export type LaneFigures = {
  lane: LaneName;
  /** Messages that no carrier has yet; with those that are held or scheduled. */
  waiting: number;
  /** Paused, or in review. */
  held: number;
  /** Not to go before their time. */
  scheduled: number;
  /** How long the first of those that may go has been ready; null when none may. */
  oldestSeconds: number | null;
  /** Until the last of those that may go is gone, at the present speed; null when nothing moves. */
  drainSeconds: number | null;
};
export type TenantQueue = { tenantId: string; tenantName: string; lanes: LaneFigures[] };
export type QueueView = {
  /** When it was counted; null when nothing waits. */
  countedAt: Date | null;
  lanes: LaneFigures[];
  /** Who has most waiting comes first. */
  tenants: TenantQueue[];
};

type Depth = typeof queueDepths.$inferSelect;
const mostTenants = 200;

/** @throws not_found `tenant_not_found` */
export async function queueFigures(ctx: Context, input: QueueFigures = {}): Promise<QueueView> {
  allow(ctx, "messages.read");
  const { tenantId = ctx.tenantId, scope } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const subtree = ctx.tx.db
      .select({ id: tenants.id })
      .from(tenants)
      .where(arrayContains(tenants.ancestors, [tenantId]));
    const rows = await ctx.tx.db
      .select({ depth: queueDepths, name: tenants.name })
      .from(queueDepths)
      .innerJoin(tenants, eq(tenants.id, queueDepths.tenantId))
      .where(scope === "self" ? eq(queueDepths.tenantId, tenantId) : inArray(queueDepths.tenantId, subtree));
    const now = ctx.clock.now();
    const found = [...new Map(rows.map((row) => [row.depth.tenantId, row.name]))].map(([id, tenantName]) => ({
      tenantId: id,
      tenantName,
      lanes: lanesOf(
        rows.flatMap(({ depth }) => (depth.tenantId === id ? [depth] : [])),
        now,
      ),
    }));
    return {
      countedAt: rows[0]?.depth.sampledAt ?? null,
      lanes: lanesOf(
        rows.map(({ depth }) => depth),
        now,
      ),
      tenants: found.sort((a, b) => waitingOf(b) - waitingOf(a)).slice(0, mostTenants),
    };
  });
}

const waitingOf = ({ lanes }: TenantQueue) => lanes.reduce((sum, { waiting }) => sum + waiting, 0);

function lanesOf(depths: readonly Depth[], now: Date): LaneFigures[] {
  return laneNames.map((lane, number) => {
    const rows = depths.filter((depth) => depth.lane === number);
    const sum = (read: (depth: Depth) => number) => rows.reduce((total, depth) => total + read(depth), 0);
    const ready = rows.flatMap(({ oldestAt, drainSeconds }) => (oldestAt ? [{ oldestAt, drainSeconds }] : []));
    const oldestMs = Math.min(...ready.map(({ oldestAt }) => oldestAt.getTime()));
    const isMoving = ready.every(({ drainSeconds }) => drainSeconds !== null);
    return {
      lane,
      waiting: sum((depth) => depth.waiting),
      held: sum((depth) => depth.held),
      scheduled: sum((depth) => depth.scheduled),
      oldestSeconds: ready.length > 0 ? Math.max(0, Math.round((now.getTime() - oldestMs) / 1_000)) : null,
      drainSeconds: isMoving ? Math.ceil(Math.max(0, ...ready.map((row) => row.drainSeconds ?? 0))) : null,
    };
  });
}
