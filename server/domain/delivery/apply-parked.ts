/** Takes receipts off the park: those whose carrier id has become known. */
import { textArray, uuidArray } from "#db/arrays.ts";
import { applyReceipts, type MatchedReceipt } from "#server/domain/delivery/apply-receipts.ts";
import type { AccountParking } from "#server/domain/delivery/carrier-account.ts";
import { matchReferences, type Reference } from "#server/domain/delivery/match-references.ts";
import type { PartOutcome } from "#server/domain/delivery/work.ts";
import { carrierIdVariants, isVariantOf } from "#server/domain/messages/carrier-id.ts";
import type { InTx } from "#server/kernel/context.ts";

export type ParkedReceipt = {
  id: string;
  carrierId: string;
  msisdn: string;
  sender: string;
  outcome: PartOutcome;
  errorCode: string | null;
  userMessageReference: number | null;
  detail: Record<string, unknown>;
  receivedAt: Date;
};

/** Receipts that came before these answers did, over whichever of an account's connectors. */
export async function loadParkedOf(
  ctx: InTx,
  { connectorIds, parkedIds }: AccountParking,
  carrierIds: readonly string[],
): Promise<ParkedReceipt[]> {
  const sought = parkedIds ? carrierIds.filter((id) => isVariantOf(id, parkedIds)) : carrierIds;
  if (sought.length === 0) return [];
  const ids = [...new Set(sought.flatMap(carrierIdVariants))];
  return ctx.tx.sql<ParkedReceipt[]>`
    select id, carrier_id as "carrierId", msisdn, sender, outcome, error_code as "errorCode",
      user_message_reference as "userMessageReference", detail, received_at as "receivedAt"
    from parked_receipts
    where connector_id = any(${uuidArray(connectorIds)}::uuid[]) and carrier_id = any(${textArray(ids)}::text[]) and resolved_at is null
    for update skip locked`;
}

/** @returns those that still match nothing */
export async function applyByReference(
  ctx: InTx,
  connectorId: string,
  parked: readonly ParkedReceipt[],
): Promise<ParkedReceipt[]> {
  if (parked.length === 0) return [];
  const references = await matchReferences(ctx, connectorId, parked);
  const matched = parked.flatMap((receipt, index) => {
    const reference = references[index];
    return reference ? [{ receipt, reference }] : [];
  });
  await resolve(ctx, matched, "receipt");
  return parked.filter((_, index) => !references[index]);
}

/** Applies them to their parts and takes them off the park. */
export async function resolve(
  ctx: InTx,
  matched: readonly { receipt: ParkedReceipt; reference: Omit<Reference, "msisdn"> }[],
  kind: MatchedReceipt["kind"],
): Promise<void> {
  if (matched.length === 0) return;
  await applyReceipts(
    ctx,
    matched.map(({ receipt, reference }) => ({
      ...reference,
      outcome: receipt.outcome,
      errorCode: receipt.errorCode,
      at: receipt.receivedAt,
      kind,
      detail: receipt.detail,
    })),
  );
  await ctx.tx.sql`
    update parked_receipts set resolved_at = ${ctx.clock.now()}
    where id = any(${uuidArray(matched.map(({ receipt }) => receipt.id))}::uuid[])`;
}
