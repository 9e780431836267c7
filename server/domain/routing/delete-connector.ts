/** Deletes a connector that was never used; one that carried traffic is disabled instead, so that its messages keep it. */
import { eq } from "drizzle-orm";
import { connectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { type ConnectorById, connectorById as schema } from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `connector_not_found` · conflict `connector_in_use` */
export async function deleteConnector(ctx: Context, input: ConnectorById): Promise<{ id: string }> {
  allow(ctx, "routing.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const connector = await connectorInScope(ctx, id);
    if (await isUsed(ctx, id)) {
      throw conflict("connector_in_use", "Routes or messages use this connector. Disable it instead.");
    }
    await ctx.tx.db.delete(connectors).where(eq(connectors.id, id));
    await audit(ctx, {
      action: "routing.delete_connector",
      subjectType: "connector",
      subjectId: id,
      tenantId: connector.tenantId,
      detail: { name: connector.name },
    });
    await announceConnector(ctx, id);
    return { id };
  });
}

/** Who may see the connector sees all tenants that may be routed over it, so these reads are complete. */
async function isUsed(ctx: InTx, connectorId: string): Promise<boolean> {
  const [row] = await ctx.tx.sql<{ used: boolean }[]>`
    select exists (select from routes where connector_id = ${connectorId})
      or exists (select from send_queue where connector_id = ${connectorId})
      or exists (select from carrier_refs where connector_id = ${connectorId})
      or exists (select from parked_receipts where connector_id = ${connectorId}) as used`;
  return row?.used ?? false;
}
