/** Connectors with the state of their binds, and one of them by id. */
import { asc, eq, inArray } from "drizzle-orm";
import { connectorBinds, connectors } from "#db/schema/routing.ts";
import { type Connector, connectorColumns, connectorInScope, subtree } from "#server/domain/routing/connector-scope.ts";
import { type ConnectorById, connectorById } from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Bind = {
  bindNumber: number;
  /** `lost` = no worker has reported on it lately. */
  state: "connecting" | "bound" | "waiting" | "stopped" | "lost";
  lastError: string | null;
  since: Date;
};
export type ConnectorWithBinds = Connector & { binds: Bind[] };

const maxRows = 500;
/** Workers report every few seconds. */
const lostAfterMs = 30_000;

export async function listConnectors(ctx: Context): Promise<ConnectorWithBinds[]> {
  allow(ctx, "routing.read");
  return inTransaction(ctx, async (ctx) => {
    const rows = await ctx.tx.db
      .select(connectorColumns)
      .from(connectors)
      .where(inArray(connectors.tenantId, subtree(ctx)))
      .orderBy(asc(connectors.name), asc(connectors.id))
      .limit(maxRows);
    return withBinds(ctx, rows);
  });
}

/** @throws not_found `connector_not_found` */
export async function getConnector(ctx: Context, input: ConnectorById): Promise<ConnectorWithBinds> {
  allow(ctx, "routing.read");
  const { id } = parse(connectorById, input);
  return inTransaction(ctx, async (ctx) => {
    const row = await connectorInScope(ctx, id);
    const [connector = { ...row, binds: [] }] = await withBinds(ctx, [row]);
    return connector;
  });
}

async function withBinds(ctx: InTx, rows: Connector[]): Promise<ConnectorWithBinds[]> {
  const binds = await ctx.tx.db
    .select()
    .from(connectorBinds)
    .innerJoin(connectors, eq(connectors.id, connectorBinds.connectorId))
    .where(
      inArray(
        connectorBinds.connectorId,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(connectorBinds.bindNumber));
  const lostBefore = ctx.clock.now().getTime() - lostAfterMs;
  return rows.map((row) => ({
    ...row,
    binds: binds
      .filter(({ connector_binds: bind }) => bind.connectorId === row.id && bind.bindNumber <= row.bindCount * 2)
      .map(({ connector_binds: bind }) => ({
        bindNumber: bind.bindNumber,
        state: bind.seenAt.getTime() < lostBefore ? "lost" : bind.state,
        lastError: bind.lastError,
        since: bind.since,
      })),
  }));
}
