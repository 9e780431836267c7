/** Learns from receipts that were matched how a carrier writes the ids of its answers. */
import type { Reference, Wanted } from "#server/domain/delivery/match-references.ts";
import { type IdNotation, idNotations, storedForm } from "#server/domain/messages/carrier-id.ts";
import type { InTx } from "#server/kernel/context.ts";

/** Fewer may agree by chance, and a carrier that mixes notations teaches nothing. */
const enough = 3;

/**
 * The notation that all of these agree on, where an id could have meant another one; null when they do not, or when they can
 * only agree on what is known.
 */
export function notationOf(
  matched: readonly { receipt: Wanted; reference: Reference }[],
  known: IdNotation | null = null,
): IdNotation | null {
  let agreed: IdNotation | null = null;
  let count = 0;
  for (const { receipt, reference } of matched) {
    const fits = idNotations.filter((notation) => storedForm(receipt.carrierId, notation) === reference.carrierId);
    const [only] = fits;
    if (!only || fits.length > 1) continue;
    if (only === known || (agreed !== null && only !== agreed)) return null;
    agreed = only;
    count += 1;
  }
  return count >= enough ? agreed : null;
}

/** @param known what was learnt before: mostly there is nothing to write */
export async function learnNotation(
  ctx: InTx,
  connectorId: string,
  known: IdNotation | null,
  matched: readonly { receipt: Wanted; reference: Reference }[],
): Promise<void> {
  const notation = notationOf(matched, known);
  if (notation === null) return;
  await ctx.tx.sql`
    update connectors set receipt_notation = ${notation}
    where id = ${connectorId} and receipt_notation is distinct from ${notation}`;
}
