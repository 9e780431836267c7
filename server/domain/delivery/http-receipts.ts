/** Receipts that partners tell over HTTP: whose address was called, and what is made of what was said there. */
import { eq } from "drizzle-orm";
import { connectorErrors, connectors, httpConnectors } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { adoptOwnIds } from "#server/domain/delivery/receipt-polls.ts";
import { type ReceiptCounts, recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import type { IncomingReceipt } from "#server/domain/delivery/work.ts";
import type { IdNotation } from "#server/domain/messages/carrier-id.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { type HttpDescription, httpDescription } from "#server/domain/routing/http-description.ts";
import type { HttpReceipt } from "#server/domain/routing/http-receipt.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { hashToken } from "#server/kernel/crypto.ts";

export type Receiver = {
  connectorId: string;
  receipts: HttpDescription["receipts"];
  notation: IdNotation | null;
  errors: ErrorTable;
};

/** A disabled connector still hears of what it sent before. @returns null for an address that is nobody's */
export async function findReceiver(ctx: Context, { token }: { token: string }): Promise<Receiver | null> {
  allowWorker(ctx);
  return asSystem(ctx, async ({ tx }) => {
    const [row] = await tx.db
      .select({
        connectorId: httpConnectors.connectorId,
        description: httpConnectors.description,
        notation: connectors.receiptNotation,
      })
      .from(httpConnectors)
      .innerJoin(connectors, eq(connectors.id, httpConnectors.connectorId))
      .where(eq(httpConnectors.receiptHash, hashToken(token)));
    const description = row ? httpDescription.safeParse(row.description).data : undefined;
    if (!row || !description) return null;
    const { connectorId, notation } = row;
    const rules = await tx.db.select().from(connectorErrors).where(eq(connectorErrors.connectorId, connectorId));
    return { connectorId, receipts: description.receipts, notation, errors: new ErrorTable(rules) };
  });
}

/** As the delivery room takes receipts in. */
export function asIncoming(receipt: HttpReceipt, errors: ErrorTable, receivedAt: Date): IncomingReceipt {
  const { id, state, said, errorCode, msisdn } = receipt;
  const reason = errorCode === null ? null : errors.reasonOfReceipt(errorCode, false);
  const about = { sender: "", userMessageReference: null, text: said, receivedAt };
  return { carrierId: id, state, errorCode, msisdn, ...about, ...(reason ? { reason } : {}) };
}

/** Once it returns, the partner may be told that we have them. The same receipt again changes nothing. */
export async function recordHttpReceipts(
  ctx: Context,
  { receiver, receipts }: { receiver: Receiver; receipts: readonly IncomingReceipt[] },
): Promise<ReceiptCounts> {
  const { connectorId, notation } = receiver;
  if (receiver.receipts.kind !== "none" && receiver.receipts.idIs === "ours") {
    await adoptOwnIds(ctx, { connectorId, ids: receipts.map((receipt) => receipt.carrierId) });
  }
  return recordReceipts(ctx, { connectorId, receipts: [...receipts], notation });
}
