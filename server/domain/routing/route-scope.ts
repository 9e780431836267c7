/** Scoping: a route is seen by those who may see its connector; what an ancestor routes for others stays unseen. */
import { and, eq, inArray } from "drizzle-orm";
import { connectors, routes } from "#db/schema/routing.ts";
import { connectorInScope, subtree } from "#server/domain/routing/connector-scope.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { invalidInput, notFound } from "#server/kernel/errors.ts";

export type Route = typeof routes.$inferSelect;

/** @throws not_found `route_not_found` */
export async function routeInScope(ctx: InTx, routeId: string): Promise<Route> {
  const [row] = await ctx.tx.db
    .select({ route: routes })
    .from(routes)
    .innerJoin(connectors, eq(connectors.id, routes.connectorId))
    .where(
      and(eq(routes.id, routeId), inArray(routes.tenantId, subtree(ctx)), inArray(connectors.tenantId, subtree(ctx))),
    );
  if (!row) throw notFound("route");
  return row.route;
}

/**
 * A tenant sends over its own connectors and those of tenants above it.
 * @throws not_found tenant or connector outside the scope · invalid_input `connector_not_above`, `unknown_operator`
 */
export async function checkRoute(
  ctx: InTx,
  route: { tenantId: string; connectorId: string; operatorId: string | null; country: string | null },
): Promise<Tenant> {
  const tenant = await tenantInScope(ctx, route.tenantId);
  const connector = await connectorInScope(ctx, route.connectorId);
  if (!tenant.ancestors.includes(connector.tenantId)) {
    throw invalidInput("connector_not_above", "Choose a connector of this tenant or of one above it.", {
      field: "connectorId",
    });
  }
  if (route.operatorId === null) return tenant;
  const [operator] = await ctx.tx.sql<{ country: string }[]>`
    select country from operators where id = ${route.operatorId}`;
  if (!operator || (route.country !== null && operator.country !== route.country)) {
    throw invalidInput("unknown_operator", "No such operator in this country.", { field: "operatorId" });
  }
  return tenant;
}
