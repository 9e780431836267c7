/** Changes a route. Messages that are queued already keep the connector that was chosen for them. */
import { eq } from "drizzle-orm";
import { routes } from "#db/schema/routing.ts";
import { updateRoute as schema, type UpdateRoute } from "#server/domain/routing/input.ts";
import { checkRoute, type Route, routeInScope } from "#server/domain/routing/route-scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** What is left out stays. @throws not_found `route_not_found` · as createRoute */
export async function updateRoute(ctx: Context, input: UpdateRoute): Promise<Route> {
  allow(ctx, "routing.write");
  const { id, ...changes } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await routeInScope(ctx, id);
    if (Object.keys(changes).length === 0) return before;
    await checkRoute(ctx, { ...before, ...changes });
    const [row = before] = await ctx.tx.db.update(routes).set(changes).where(eq(routes.id, id)).returning();
    await audit(ctx, {
      action: "routing.update_route",
      subjectType: "route",
      subjectId: id,
      tenantId: row.tenantId,
      detail: changes,
    });
    return row;
  });
}
