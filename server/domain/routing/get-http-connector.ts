/** How a connector speaks HTTP, to read and to change. Its secret stays where it is. */
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { httpConnectorInScope } from "#server/domain/routing/http-scope.ts";
import { type ConnectorById, connectorById } from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `connector_not_found` */
export async function getHttpConnector(
  ctx: Context,
  input: ConnectorById,
): Promise<{ connector: Connector; description: HttpDescription }> {
  allow(ctx, "routing.read");
  const { id } = parse(connectorById, input);
  const { connector, description } = await inTransaction(ctx, (ctx) => httpConnectorInScope(ctx, id));
  return { connector, description };
}
