/** The settings of a connector that decide what follows from an answer, or from none. */
import type { InTx } from "#server/kernel/context.ts";

export type ConnectorPolicy = {
  unknownPolicy: "wait" | "resend";
  maxAttempts: number;
  receiptTimeoutHours: number;
};

/** A connector deleted meanwhile leaves its messages to the careful defaults. */
const careful: ConnectorPolicy = { unknownPolicy: "wait", maxAttempts: 1, receiptTimeoutHours: 72 };

export async function connectorPolicy(ctx: InTx, connectorId: string): Promise<ConnectorPolicy> {
  const [row] = await ctx.tx.sql<ConnectorPolicy[]>`
    select unknown_policy as "unknownPolicy", max_attempts as "maxAttempts",
      receipt_timeout_hours as "receiptTimeoutHours"
    from connectors where id = ${connectorId}`;
  return row ?? careful;
}
