/** Adds a connector: a carrier's SMSC that a tenant, and everything below it, may send over. */
import { connectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { type Connector, connectorColumns, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { type CreateConnector, createConnector as schema } from "#server/domain/routing/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict } from "#server/kernel/errors.ts";
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
    const owner = await tenantInScope(ctx, tenantId);
    const now = ctx.clock.now();
    const [row] = await ctx.tx.db
      .insert(connectors)
      .values({
        ...wanted,
        tenantId: owner.id,
        passwordSealed: seal(password, wanted.id),
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning(connectorColumns);
    if (!row) {
      const known = await connectorInScope(ctx, wanted.id).catch(() => null);
      if (known?.tenantId === owner.id && known.host === wanted.host && known.systemId === wanted.systemId)
        return known;
      throw conflict("connector_id_taken", "This id is in use. Choose a new one.");
    }
    await audit(ctx, {
      action: "routing.create_connector",
      subjectType: "connector",
      subjectId: row.id,
      tenantId: owner.id,
      detail: { name: row.name, host: row.host, port: row.port, systemId: row.systemId },
    });
    await announceConnector(ctx, row.id);
    return row;
  });
}
