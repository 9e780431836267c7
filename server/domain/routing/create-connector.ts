/** Adds a connector: a carrier's SMSC that a tenant, and everything below it, may send over. */
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import { type CreateConnector, createConnector as schema } from "#server/domain/routing/input.ts";
import { insertConnector } from "#server/domain/routing/insert-connector.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { checkSavedPlace } from "#server/kernel/outbound.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Idempotent by `input.id`. The password is sealed for this row and never given back.
 * @throws not_found tenant outside the scope · conflict `connector_id_taken` · invalid_input `host_not_allowed`
 */
export async function createConnector(ctx: Context, input: CreateConnector): Promise<Connector> {
  allow(ctx, "routing.write");
  const { password, tenantId = ctx.tenantId, ...wanted } = parse(schema, input);
  await checkSavedPlace(wanted);
  return inTransaction(ctx, async (ctx) => {
    const { row, isNew } = await insertConnector(ctx, { ...wanted, tenantId }, password);
    if (!isNew) return row;
    await audit(ctx, {
      action: "routing.create_connector",
      subjectType: "connector",
      subjectId: row.id,
      tenantId: row.tenantId,
      detail: { name: row.name, host: row.host, port: row.port, systemId: row.systemId },
    });
    await announceConnector(ctx, row.id);
    return row;
  });
}
