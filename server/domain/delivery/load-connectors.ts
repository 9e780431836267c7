/** What a worker needs to know of every connector that it may drive, passwords opened. */
import { eq } from "drizzle-orm";
import { connectorErrors, connectors, httpConnectors } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import type { ErrorRule } from "#server/domain/routing/error-table.ts";
import { type HttpDescription, httpDescription } from "#server/domain/routing/http-description.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";

export type WorkerConnector = Omit<typeof connectors.$inferSelect, "passwordSealed"> & {
  /** Null when it cannot be opened with this installation's key. */
  password: string | null;
  /** What this carrier means by its error codes, where it differs from the specification. */
  errors: ErrorRule[];
  /** Of the kind http: how to speak with the partner; null also when it cannot be read. */
  http: HttpDescription | null;
};

export async function loadConnectors(ctx: Context): Promise<WorkerConnector[]> {
  allowWorker(ctx);
  const { rows, errors, descriptions } = await asSystem(ctx, async ({ tx }) => ({
    rows: await tx.db.select().from(connectors).where(eq(connectors.status, "enabled")).orderBy(connectors.id),
    errors: await tx.db.select().from(connectorErrors),
    descriptions: await tx.db.select().from(httpConnectors),
  }));
  const byConnector = new Map<string, ErrorRule[]>();
  for (const { connectorId, tenantId: _, ...rule } of errors) {
    byConnector.set(connectorId, [...(byConnector.get(connectorId) ?? []), rule]);
  }
  const http = new Map(descriptions.map((row) => [row.connectorId, httpDescription.safeParse(row.description).data]));
  return rows.map(({ passwordSealed, ...row }) => ({
    ...row,
    password: opened(passwordSealed, row.id),
    errors: byConnector.get(row.id) ?? [],
    http: http.get(row.id) ?? null,
  }));
}

function opened(sealed: string, connectorId: string): string | null {
  try {
    return open(sealed, connectorId);
  } catch {
    return null;
  }
}
