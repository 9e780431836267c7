/** Changes a connector that speaks HTTP: what it says there, its limits, its secret. */
import { eq } from "drizzle-orm";
import { connectors, httpConnectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { type Connector, connectorColumns } from "#server/domain/routing/connector-scope.ts";
import { secretNeeded } from "#server/domain/routing/create-http-connector.ts";
import { updateHttpConnector as schema, type UpdateHttpConnector } from "#server/domain/routing/http-input.ts";
import {
  checkDescription,
  httpConnectorInScope,
  leadsElsewhere,
  placeOfDescription,
} from "#server/domain/routing/http-scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * What is left out stays; a description is given whole. A stored secret goes to no address that it was not given for: then
 * it has to be entered again.
 * @throws not_found `connector_not_found` · invalid_input `secret_needed` · `host_not_allowed` · `pattern_not_valid` ·
 * `body_not_xml`
 */
export async function updateHttpConnector(ctx: Context, input: UpdateHttpConnector): Promise<Connector> {
  allow(ctx, "routing.write");
  const { id, secret = "", description, ...changes } = parse(schema, input);
  if (description) await checkDescription(description);
  return inTransaction(ctx, async (ctx) => {
    const { connector: before, description: known } = await httpConnectorInScope(ctx, id);
    if (description && description.auth.kind !== "none" && secret === "") {
      if (known.auth.kind === "none" || leadsElsewhere(known, description)) throw secretNeeded();
    }
    const place = description ? { ...placeOfDescription(description), systemId: description.auth.user } : {};
    const passwordSealed = secret === "" ? {} : { passwordSealed: seal(secret, id) };
    const [row = before] = await ctx.tx.db
      .update(connectors)
      .set({ ...changes, ...place, ...passwordSealed, updatedAt: ctx.clock.now() })
      .where(eq(connectors.id, id))
      .returning(connectorColumns);
    if (description) {
      await ctx.tx.db.update(httpConnectors).set({ description }).where(eq(httpConnectors.connectorId, id));
    }
    await audit(ctx, {
      action: "routing.update_http_connector",
      subjectType: "connector",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { ...changes, isDescriptionChanged: Boolean(description), isSecretChanged: secret !== "" },
    });
    await announceConnector(ctx, id);
    return row;
  });
}
