/** Takes in carriers' delivery receipts: matched ones settle their messages, unknown ones are parked, none is lost. */
import { intArray, momentArray, textArray, uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { applyReceipts, type MatchedReceipt } from "#server/domain/delivery/apply-receipts.ts";
import { learnNotation } from "#server/domain/delivery/learn-notation.ts";
import { matchAndLock, type Reference } from "#server/domain/delivery/match-references.ts";
import { type IncomingReceipt, outcomeOf, type PartOutcome } from "#server/domain/delivery/work.ts";
import { type IdNotation, normaliseCarrierId } from "#server/domain/messages/carrier-id.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

export type RecordReceipts = {
  connectorId: string;
  receipts: IncomingReceipt[];
  /** How the carrier writes ids, as far as was learnt. */
  notation?: IdNotation | null;
};
export type ReceiptCounts = { matched: number; parked: number };

/** Once it returns, the carrier may be told that we have them. The same receipt again changes nothing. */
export async function recordReceipts(ctx: Context, input: RecordReceipts): Promise<ReceiptCounts> {
  allowWorker(ctx);
  if (input.receipts.length === 0) return { matched: 0, parked: 0 };
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const { connectorId, notation = null } = input;
      const { references, locked } = await matchAndLock(ctx, connectorId, input.receipts, notation);
      const unmatched: IncomingReceipt[] = [];
      const matched: MatchedReceipt[] = [];
      const pairs: { receipt: IncomingReceipt; reference: Reference }[] = [];
      for (const [index, receipt] of input.receipts.entries()) {
        const reference = references[index];
        if (reference) {
          matched.push(matchedReceipt(connectorId, receipt, reference));
          pairs.push({ receipt, reference });
        } else unmatched.push(receipt);
      }
      await applyReceipts(ctx, matched, locked);
      await learnNotation(ctx, connectorId, notation, pairs);
      await park(ctx, input.connectorId, unmatched);
      return { matched: matched.length, parked: unmatched.length };
    }),
  );
}

function matchedReceipt(connectorId: string, receipt: IncomingReceipt, reference: Reference): MatchedReceipt {
  const { messageId, carrierId, partNumber, parts, status } = reference;
  return {
    messageId,
    carrierId,
    partNumber,
    parts,
    status,
    outcome: outcomeOf(receipt.state),
    errorCode: receipt.errorCode,
    at: receipt.receivedAt,
    kind: "receipt",
    detail: receiptDetail(connectorId, receipt),
  };
}

export const receiptDetail = (
  connectorId: string,
  receipt: Pick<IncomingReceipt, "carrierId" | "state" | "errorCode" | "reason" | "text">,
): Record<string, unknown> => ({
  connectorId,
  carrierId: receipt.carrierId,
  state: receipt.state,
  // What is undefined is no part of the JSON.
  errorCode: receipt.errorCode ?? undefined,
  reason: receipt.reason,
  text: receipt.text,
});

/**
 * Only what is final is worth waiting for. A receipt that comes twice is parked once; an id that the carrier uses again
 * takes the place of one that is settled.
 */
async function park(ctx: InTx, connectorId: string, receipts: readonly IncomingReceipt[]): Promise<void> {
  const byKey = new Map<string, IncomingReceipt & { outcome: PartOutcome }>();
  for (const receipt of receipts) {
    const outcome = outcomeOf(receipt.state);
    const key = `${normaliseCarrierId(receipt.carrierId)} ${outcome}`;
    if (outcome && !byKey.has(key)) byKey.set(key, { ...receipt, outcome });
  }
  const rows = [...byKey.values()];
  if (rows.length === 0) return;
  await ctx.tx.sql`
    insert into parked_receipts as known (id, connector_id, carrier_id, msisdn, sender, outcome, error_code,
      user_message_reference, detail, received_at)
    select r.id, ${connectorId}, r.carrier_id, r.msisdn, r.sender, r.outcome, r.error_code, r.reference,
      r.detail::jsonb, r.received_at
    from unnest(${uuidArray(rows.map(() => newId()))}::uuid[], ${textArray(rows.map((r) => normaliseCarrierId(r.carrierId)))}::text[],
      ${textArray(rows.map((r) => r.msisdn))}::text[], ${textArray(rows.map((r) => r.sender))}::text[], ${textArray(rows.map((r) => r.outcome))}::text[],
      ${textArray(rows.map((r) => r.errorCode))}::text[], ${intArray(rows.map((r) => r.userMessageReference))}::int[],
      ${textArray(rows.map((r) => JSON.stringify(receiptDetail(connectorId, r))))}::text[],
      ${momentArray(rows.map((r) => r.receivedAt))}::timestamptz[])
      as r (id, carrier_id, msisdn, sender, outcome, error_code, reference, detail, received_at)
    on conflict (connector_id, carrier_id, outcome) do update
      set msisdn = excluded.msisdn, sender = excluded.sender, error_code = excluded.error_code,
        user_message_reference = excluded.user_message_reference, detail = excluded.detail, attempts = 0,
        received_at = excluded.received_at, resolved_at = null
      where known.resolved_at is not null
        and (known.msisdn <> excluded.msisdn or known.received_at < excluded.received_at - interval '1 hour')`;
}
