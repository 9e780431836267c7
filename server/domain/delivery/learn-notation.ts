/** Learns from receipts that were matched how a carrier writes the ids of its answers. */
import type { Reference, Wanted } from "#server/domain/delivery/match-references.ts";
import { type IdNotation, idNotations, storedForm } from "#server/domain/messages/carrier-id.ts";
import type { InTx } from "#server/kernel/context.ts";

/** Fewer may agree by chance, and a carrier that mixes notations teaches nothing. */
const enough = 3;

/** The notation that all of these agree on, where an id could have meant another one; null when they do not. */
export function notationOf(matched: readonly { receipt: Wanted; reference: Reference }[]): IdNotation | null {
  const seen = new Map<IdNotation, number>();
  for (const { receipt, reference } of matched) {
    const fits = idNotations.filter((notation) => storedForm(receipt.carrierId, notation) === reference.carrierId);
    const [only] = fits;
    if (only && fits.length === 1) seen.set(only, (seen.get(only) ?? 0) + 1);
  }
  const [first] = seen;
  return seen.size === 1 && first && first[1] >= enough ? first[0] : null;
}

/** @param known what was learnt before: mostly there is nothing to write */
export async function learnNotation(
  ctx: InTx,
  connectorId: string,
  known: IdNotation | null,
  matched: readonly { receipt: Wanted; reference: Reference }[],
): Promise<void> {
  const notation = notationOf(matched);
  if (notation === null || notation === known) return;
  await ctx.tx.sql`
    update connectors set receipt_notation = ${notation}
    where id = ${connectorId} and receipt_notation is distinct from ${notation}`;
}
