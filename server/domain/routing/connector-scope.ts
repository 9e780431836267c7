/** Scoping: connectors are seen by their owner and by those above it. The sealed password never leaves the room. */
import { and, arrayContains, eq, getTableColumns, inArray } from "drizzle-orm";
import { connectors } from "#db/schema/routing.ts";
import { tenants } from "#db/schema/tenants.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

const { passwordSealed: _, ...shown } = getTableColumns(connectors);
/** Every column but the password. */
export const connectorColumns = shown;
export type Connector = Omit<typeof connectors.$inferSelect, "passwordSealed">;

/** @throws not_found `connector_not_found`, also for one that a tenant outside the subtree owns */
export async function connectorInScope(ctx: InTx, connectorId: string): Promise<Connector> {
  const [row] = await ctx.tx.db
    .select(connectorColumns)
    .from(connectors)
    .where(and(eq(connectors.id, connectorId), inArray(connectors.tenantId, subtree(ctx))));
  if (!row) throw notFound("connector");
  return row;
}

/** Ids of the actor's tenant and everything below it, as a subquery. */
export function subtree(ctx: InTx) {
  return ctx.tx.db
    .select({ id: tenants.id })
    .from(tenants)
    .where(arrayContains(tenants.ancestors, [ctx.tenantId]));
}
