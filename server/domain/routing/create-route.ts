/** Adds a route: over which connector a tenant, and everything below it, reaches an operator, a country or all. */
import { routes } from "#db/schema/routing.ts";
import { type CreateRoute, createRoute as schema } from "#server/domain/routing/input.ts";
import { checkRoute, type Route, routeInScope } from "#server/domain/routing/route-scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Idempotent by `input.id`.
 * @throws not_found tenant or connector · invalid_input `connector_not_above`, `unknown_operator` · conflict `route_id_taken`
 */
export async function createRoute(ctx: Context, input: CreateRoute): Promise<Route> {
  allow(ctx, "routing.write");
  const { tenantId = ctx.tenantId, ...wanted } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await checkRoute(ctx, { ...wanted, tenantId });
    const [row] = await ctx.tx.db
      .insert(routes)
      .values({ ...wanted, tenantId, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    if (!row) {
      const known = await routeInScope(ctx, wanted.id).catch(() => null);
      if (known?.tenantId === tenantId && known.connectorId === wanted.connectorId) return known;
      throw conflict("route_id_taken", "This id is in use. Choose a new one.");
    }
    await audit(ctx, {
      action: "routing.create_route",
      subjectType: "route",
      subjectId: row.id,
      tenantId,
      detail: { ...wanted },
    });
    return row;
  });
}
