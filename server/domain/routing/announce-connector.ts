/** Tells the workers that a connector changed, when the change commits; they also look by themselves now and then. */
import type { InTx } from "#server/kernel/context.ts";

/** NOTIFY channel; the payload is the connector's id. */
export const connectorsChannel = "connectors";

export async function announceConnector(ctx: InTx, connectorId: string): Promise<void> {
  await ctx.tx.sql`select pg_notify(${connectorsChannel}, ${connectorId})`;
}
