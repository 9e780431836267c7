/** What a worker needs to know of every connector that it may drive, passwords opened. */
import { eq } from "drizzle-orm";
import { connectorErrors, connectors } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import type { ErrorRule } from "#server/domain/routing/error-table.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";

export type WorkerConnector = Omit<typeof connectors.$inferSelect, "passwordSealed"> & {
  /** Null when it cannot be opened with this installation's key. */
  password: string | null;
  /** What this carrier means by its error codes, where it differs from the specification. */
  errors: ErrorRule[];
};

export async function loadConnectors(ctx: Context): Promise<WorkerConnector[]> {
  allowWorker(ctx);
  const { rows, errors } = await asSystem(ctx, async ({ tx }) => ({
    rows: await tx.db.select().from(connectors).where(eq(connectors.status, "enabled")).orderBy(connectors.id),
    errors: await tx.db.select().from(connectorErrors),
  }));
  const byConnector = new Map<string, ErrorRule[]>();
  for (const { connectorId, tenantId: _, ...rule } of errors) {
    byConnector.set(connectorId, [...(byConnector.get(connectorId) ?? []), rule]);
  }
  return rows.map(({ passwordSealed, ...row }) => ({
    ...row,
    password: opened(passwordSealed, row.id),
    errors: byConnector.get(row.id) ?? [],
  }));
}

function opened(sealed: string, connectorId: string): string | null {
  try {
    return open(sealed, connectorId);
  } catch {
    return null;
  }
}
