/** What a worker needs to know of every connector that it may drive, passwords opened. */
import { eq } from "drizzle-orm";
import { connectors } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";

export type WorkerConnector = Omit<typeof connectors.$inferSelect, "passwordSealed"> & {
  /** Null when it cannot be opened with this installation's key. */
  password: string | null;
};

export async function loadConnectors(ctx: Context): Promise<WorkerConnector[]> {
  allowWorker(ctx);
  const rows = await asSystem(ctx, ({ tx }) =>
    tx.db.select().from(connectors).where(eq(connectors.status, "enabled")).orderBy(connectors.id),
  );
  return rows.map(({ passwordSealed, ...row }) => ({ ...row, password: opened(passwordSealed, row.id) }));
}

function opened(sealed: string, connectorId: string): string | null {
  try {
    return open(sealed, connectorId);
  } catch {
    return null;
  }
}
