/** Scoping: endpoints are seen by their tenant and by those above it. Sealed secrets and leases never leave the room. */
import { and, arrayContains, eq, getTableColumns, inArray, ne } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { tenants } from "#db/schema/tenants.ts";
import { webhookEndpoints } from "#db/schema/webhooks.ts";
import { announceChange } from "#server/domain/webhooks/news.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

const {
  secretSealed: _secret,
  previousSecrets: _previous,
  leaseOwner: _owner,
  leaseUntil: _until,
  ...shown
} = getTableColumns(webhookEndpoints);

export const endpointColumns = shown;
export type WebhookEndpoint = Omit<
  typeof webhookEndpoints.$inferSelect,
  "secretSealed" | "previousSecrets" | "leaseOwner" | "leaseUntil"
>;

/** @throws not_found `webhook_not_found`, also for one that a tenant outside the subtree owns */
export async function endpointInScope(ctx: InTx, id: string, lock?: "update"): Promise<WebhookEndpoint> {
  const query = ctx.tx.db
    .select(endpointColumns)
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.id, id),
        ne(webhookEndpoints.status, "deleted"),
        inArray(webhookEndpoints.tenantId, subtree(ctx)),
      ),
    );
  const [row] = lock ? await query.for(lock) : await query;
  if (!row) throw notFound("webhook");
  return row;
}

/** Ids of the actor's tenant and everything below it, as a subquery. */
function subtree(ctx: InTx) {
  return ctx.tx.db
    .select({ id: tenants.id })
    .from(tenants)
    .where(arrayContains(tenants.ancestors, [ctx.tenantId]));
}

/** Writes the changes of a row that is locked, and tells the workers when the transaction commits. */
export async function changeEndpoint(
  ctx: InTx,
  id: string,
  changes: PgUpdateSetSource<typeof webhookEndpoints>,
): Promise<WebhookEndpoint> {
  const [row] = await ctx.tx.db
    .update(webhookEndpoints)
    .set({ ...changes, updatedAt: ctx.clock.now() })
    .where(eq(webhookEndpoints.id, id))
    .returning(endpointColumns);
  if (!row) throw notFound("webhook");
  await announceChange(ctx, id);
  return row;
}
