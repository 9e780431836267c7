/** Reads the outcomes of a chunk: how far the campaign got, who was refused for good, and whether it must wait. Pure. */

/** What stops everybody alike: the campaign waits, and goes on from the first recipient that met it. */
const holding = new Set(["tenant_suspended", "order_used_up", "order_expired", "no_order", "sender_not_approved"]);
/** What may stop everybody or one operator only: the chunk tells which. */
const doubtful = new Set(["temporarily_unavailable", "no_route"]);

export type ChunkOutcome = { operatorId: string; code: string | null };
export type ChunkPlan = {
  /** So many from the beginning are dealt with. */
  taken: number;
  /** Positions among them that were refused. */
  refused: { index: number; code: string }[];
  holdCode: string | null;
};

/** @param outcomes by position; `code` is null for those that were accepted */
export function planChunk(outcomes: readonly ChunkOutcome[]): ChunkPlan {
  const lastAccepted = outcomes.findLastIndex((o) => o.code === null);
  const refused: ChunkPlan["refused"] = [];
  const acceptedOperators = new Set<string>();
  for (const [index, { code, operatorId }] of outcomes.entries()) {
    if (code === null) {
      acceptedOperators.add(operatorId);
      continue;
    }
    // An operator that was served a moment ago is not the fault: there is no room left.
    const stopsAll = doubtful.has(code) && (index > lastAccepted || acceptedOperators.has(operatorId));
    if (holding.has(code) || stopsAll) return { taken: index, refused, holdCode: code };
    refused.push({ index, code });
  }
  return { taken: outcomes.length, refused, holdCode: null };
}
