/** Routes over the connectors that the actor may see, in the order in which they are tried. */
import { and, asc, eq, inArray } from "drizzle-orm";
import { connectors, routes } from "#db/schema/routing.ts";
import { tenants } from "#db/schema/tenants.ts";
import { subtree } from "#server/domain/routing/connector-scope.ts";
import type { Route } from "#server/domain/routing/route-scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";

export type RouteWithNames = Route & { tenantName: string; connectorName: string };

const maxRows = 1_000;

export async function listRoutes(ctx: Context): Promise<RouteWithNames[]> {
  allow(ctx, "routing.read");
  return inTransaction(ctx, async (ctx) => {
    const rows = await ctx.tx.db
      .select({ route: routes, tenantName: tenants.name, connectorName: connectors.name })
      .from(routes)
      .innerJoin(connectors, eq(connectors.id, routes.connectorId))
      .innerJoin(tenants, eq(tenants.id, routes.tenantId))
      .where(and(inArray(routes.tenantId, subtree(ctx)), inArray(connectors.tenantId, subtree(ctx))))
      .orderBy(asc(tenants.name), asc(routes.priority), asc(routes.id))
      .limit(maxRows);
    return rows.map(({ route, ...names }) => ({ ...route, ...names }));
  });
}
