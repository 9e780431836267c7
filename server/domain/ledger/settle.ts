/** Posts or gives back what messages held, as their charge stages move, in one set of transfers per transaction. */
import { uuidArray } from "#db/arrays.ts";
import { accountId, partsUnit } from "#server/domain/ledger/accounts.ts";
import { reviewStatuses } from "#server/domain/ledger/move-status.ts";
import { type ChargeStage, hopState, mayMove } from "#server/domain/ledger/stage.ts";
import { type Transfer, transferAtCommit, transferNew } from "#server/domain/ledger/transfer.ts";
import type { InTx } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";

export type Move = { rateId: string; parts: number; from: ChargeStage; to: ChargeStage };

type Hop = {
  rateId: string;
  orderId: string;
  unitPriceMicros: bigint;
  currency: string;
  postOn: "accepted" | "delivered";
};
type Total = { orderId: string; currency: string; code: "post" | "void"; parts: bigint; micros: bigint };

/**
 * Adds the moves up per order and settles them together; with the commit where nothing comes back. The caller has checked, under the messages' row locks, that
 * each move happens once; `batchId` is new for every settling transaction.
 * @throws Error on a move that stages do not allow, or a rate that does not exist: faults of ours, nothing is written
 */
export async function settleBatch(ctx: InTx, input: { batchId: string; moves: Move[] }): Promise<void> {
  const moves = input.moves.filter((m) => m.from !== m.to);
  for (const m of moves) {
    if (!mayMove(m.from, m.to)) throw new Error(`A charge may not move from stage ${m.from} to ${m.to}.`);
  }
  if (moves.length === 0) return;
  const hops = await loadHops(ctx, [...new Set(moves.map((m) => m.rateId))]);
  const totals = [...addUp(moves, hops).values()];
  const transfers = totals.flatMap((total) => transfersOf(input.batchId, total));
  const refunded = [...new Set(totals.filter((t) => t.code === "void").map((t) => t.orderId))];
  if (refunded.length === 0) return transferAtCommit(ctx, transfers);
  await transferNew(ctx, transfers);
  await reviewStatuses(ctx, refunded);
}

/** What a rate's id means never changes: the id is a digest of it. */
const known = new Map<string, Hop[]>();
const maxKnown = 10_000;

async function loadHops(ctx: InTx, rateIds: string[]): Promise<Map<string, Hop[]>> {
  const unknown = rateIds.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    if (known.size + unknown.length > maxKnown) known.clear();
    for (const [id, hops] of await readHops(ctx, rateIds)) known.set(id, hops);
  }
  return known;
}

async function readHops(ctx: InTx, rateIds: string[]): Promise<Map<string, Hop[]>> {
  const rows = await ctx.tx.sql<(Omit<Hop, "orderId"> & { orderId: string | null })[]>`
    select r.id as "rateId", h.order_id as "orderId", h.unit_price_micros as "unitPriceMicros", h.currency,
      h.post_on as "postOn"
    from rates r left join rate_hops h on h.rate_id = r.id
    where r.id = any(${uuidArray(rateIds)}::uuid[])`;
  const byRate = new Map<string, Hop[]>();
  for (const { orderId, ...row } of rows) {
    const hops = byRate.get(row.rateId) ?? [];
    // A root that sends itself buys from nobody: its rate has no hops.
    if (orderId) hops.push({ ...row, orderId });
    byRate.set(row.rateId, hops);
  }
  return byRate;
}

function addUp(moves: Move[], hopsByRate: Map<string, Hop[]>): Map<string, Total> {
  const totals = new Map<string, Total>();
  for (const move of moves) {
    const hops = hopsByRate.get(move.rateId);
    if (!hops) throw new Error(`No such rate: ${move.rateId}.`);
    for (const hop of hops) {
      const to = hopState(move.to, hop.postOn);
      if (to === "held" || to === hopState(move.from, hop.postOn)) continue;
      const code = to === "posted" ? "post" : "void";
      const key = `${hop.orderId}|${code}`;
      const { orderId, currency } = hop;
      const total = totals.get(key) ?? { orderId, currency, code, parts: 0n, micros: 0n };
      total.parts += BigInt(move.parts);
      total.micros += BigInt(move.parts) * hop.unitPriceMicros;
      totals.set(key, total);
    }
  }
  return totals;
}

function transfersOf(batchId: string, { orderId, currency, code, parts, micros }: Total): Transfer[] {
  return [
    { unit: currency, amount: micros },
    { unit: partsUnit, amount: parts },
  ]
    .filter(({ amount }) => amount > 0n)
    .map(({ unit, amount }) => ({
      id: namedId(code, batchId, orderId, unit),
      orderId,
      debitAccountId: accountId(orderId, "held", unit),
      creditAccountId: accountId(orderId, code === "post" ? "spent" : "available", unit),
      amount,
      code,
      causeId: batchId,
    }));
}
