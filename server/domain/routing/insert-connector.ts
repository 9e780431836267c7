/** Writes a new connector's row, of either kind, once for an id. */
import { connectors } from "#db/schema/routing.ts";
import { type Connector, connectorColumns, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict } from "#server/kernel/errors.ts";

type Row = Omit<typeof connectors.$inferInsert, "id" | "passwordSealed" | "createdAt" | "updatedAt"> & { id: string };

/**
 * The secret is sealed for this row.
 * @returns whether it is new: the same again gives back the row that there is
 * @throws not_found tenant outside the scope · conflict `connector_id_taken`
 */
export async function insertConnector(
  ctx: InTx,
  wanted: Row,
  secret: string,
): Promise<{ row: Connector; isNew: boolean }> {
  const owner = await tenantInScope(ctx, wanted.tenantId);
  const now = ctx.clock.now();
  const [row] = await ctx.tx.db
    .insert(connectors)
    .values({ ...wanted, passwordSealed: seal(secret, wanted.id), createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning(connectorColumns);
  if (row) return { row, isNew: true };
  const known = await connectorInScope(ctx, wanted.id).catch(() => null);
  const { kind = "smpp", host, systemId } = wanted;
  const isSame = known?.kind === kind && known.host === host && known.systemId === systemId;
  if (known?.tenantId === owner.id && isSame) return { row: known, isNew: false };
  throw conflict("connector_id_taken", "This id is in use. Choose a new one.");
}
