/** Changes a connector: its address, its limits, its password, or whether it is used at all. */
import { eq } from "drizzle-orm";
import { connectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { type Connector, connectorColumns, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { updateConnector as schema, type UpdateConnector } from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict } from "#server/kernel/errors.ts";
import { checkSavedPlace } from "#server/kernel/outbound.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * What is left out stays. Of a connector of the kind http only the status is changed here.
 * @throws not_found `connector_not_found` · invalid_input `host_not_allowed` · conflict `connector_speaks_http`
 */
export async function updateConnector(ctx: Context, input: UpdateConnector): Promise<Connector> {
  allow(ctx, "routing.write");
  const { id, password, ...changes } = parse(schema, input);
  const { host, port } = changes;
  if (host !== undefined || port !== undefined) {
    const known = await inTransaction(ctx, (ctx) => connectorInScope(ctx, id));
    await checkSavedPlace({ host: host ?? known.host, port: port ?? known.port });
  }
  return inTransaction(ctx, async (ctx) => {
    const before = await connectorInScope(ctx, id);
    if (before.kind !== "smpp" && (password || Object.keys(changes).some((name) => name !== "status"))) {
      throw conflict("connector_speaks_http", "This connector speaks HTTP: its settings are others.");
    }
    const [row = before] = await ctx.tx.db
      .update(connectors)
      .set({ ...changes, ...(password ? { passwordSealed: seal(password, id) } : {}), updatedAt: ctx.clock.now() })
      .where(eq(connectors.id, id))
      .returning(connectorColumns);
    await audit(ctx, {
      action: "routing.update_connector",
      subjectType: "connector",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { ...changes, isPasswordChanged: Boolean(password) },
    });
    await announceConnector(ctx, id);
    return row;
  });
}
