/** Deletes a route. Messages that are queued already keep the connector that was chosen for them. */
import { eq } from "drizzle-orm";
import { routes } from "#db/schema/routing.ts";
import { type RouteById, routeById as schema } from "#server/domain/routing/input.ts";
import { routeInScope } from "#server/domain/routing/route-scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `route_not_found` */
export async function deleteRoute(ctx: Context, input: RouteById): Promise<{ id: string }> {
  allow(ctx, "routing.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const route = await routeInScope(ctx, id);
    await ctx.tx.db.delete(routes).where(eq(routes.id, id));
    await audit(ctx, {
      action: "routing.delete_route",
      subjectType: "route",
      subjectId: id,
      tenantId: route.tenantId,
      detail: { connectorId: route.connectorId },
    });
    return { id };
  });
}
