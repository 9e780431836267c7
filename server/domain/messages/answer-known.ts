/** Messages that exist already under an id that comes again: their first outcome is the answer. */
import { uuidArray } from "#db/arrays.ts";
import type { HopPrice } from "#server/domain/ledger/hold.ts";
import { type Line, refuse } from "#server/domain/messages/line.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Encoding } from "#server/domain/messages/segment.ts";
import { visibleHops } from "#server/domain/pricing/visible-hops.ts";
import type { InTx } from "#server/kernel/context.ts";

export type KnownRow = {
  id: string;
  tenantId: string;
  msisdn: string;
  text: string;
  parts: number;
  encoding: Encoding;
  operatorId: string;
  rateId: string;
  wasReviewed: boolean;
};

/**
 * Gives every line whose id is known its first outcome, or refuses it when the id stands for something else. An id that
 * comes twice in one call counts once.
 */
export async function answerKnown(
  ctx: InTx,
  lines: readonly Line[],
  rows: ReadonlyMap<string, KnownRow>,
): Promise<void> {
  if (rows.size === 0) return;
  const hops = await loadHops(ctx, [...new Set([...rows.values()].map((row) => row.rateId))]);
  for (const line of lines) {
    const row = rows.get(line.item.id);
    if (!row || line.refusal?.code === "message_id_taken") continue;
    if (row.tenantId !== line.tenant.id || row.text !== line.item.text || row.msisdn !== line.msisdn) {
      refuse(line, "message_id_taken");
      continue;
    }
    line.refusal = null;
    line.known = firstOutcome(line, row, hops.get(row.rateId) ?? []);
  }
}

/** Splits off the lines that repeat an id of this very call: they are answered as the first one is. */
export function withoutRepeats(all: readonly Line[]): { lines: Line[]; repeats: Map<Line, Line> } {
  const byId = new Map<string, Line>();
  const repeats = new Map<Line, Line>();
  for (const line of all) {
    const earlier = byId.get(line.item.id);
    if (!earlier) byId.set(line.item.id, line);
    else if (isSame(earlier, line)) repeats.set(line, earlier);
    else refuse(line, "message_id_taken");
  }
  return { lines: all.filter((line) => !repeats.has(line)), repeats };
}

const isSame = (a: Line, b: Line): boolean =>
  a.tenant.id === b.tenant.id && a.item.text === b.item.text && a.item.to === b.item.to;

export async function loadKnown(ctx: InTx, lines: readonly Line[]): Promise<Map<string, KnownRow>> {
  // Nothing is left when every request of the group was answered by its idempotency key.
  if (lines.length === 0) return new Map();
  const ids = lines.map((line) => line.item.id).sort();
  const rows = await ctx.tx.sql<KnownRow[]>`
    select id, tenant_id as "tenantId", msisdn, text, parts, encoding, operator_id as "operatorId",
      rate_id as "rateId", status = 'review' or exists (
        select from message_events e where e.message_id = m.id and e.kind = 'review'
          and e.message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid) as "wasReviewed"
    from messages m
    where id = any(${uuidArray(ids)}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  return new Map(rows.map((row) => [row.id, row]));
}

type RateHop = Omit<HopPrice, "parts" | "totalMicros">;

async function loadHops(ctx: InTx, rateIds: readonly string[]): Promise<Map<string, RateHop[]>> {
  const byRate = new Map<string, RateHop[]>();
  if (rateIds.length === 0) return byRate;
  const rows = await ctx.tx.sql<(RateHop & { rateId: string })[]>`
    select rate_id as "rateId", hop, order_id as "orderId", seller_id as "sellerId", buyer_id as "buyerId",
      unit_price_micros as "unitPriceMicros", currency
    from rate_hops where rate_id = any(${uuidArray([...rateIds])}::uuid[]) order by rate_id, hop`;
  for (const { rateId, ...hop } of rows) byRate.set(rateId, [...(byRate.get(rateId) ?? []), hop]);
  return byRate;
}

function firstOutcome(line: Line, row: KnownRow, hops: readonly RateHop[]): SubmitOutcome {
  const { id, msisdn, parts, encoding, operatorId } = row;
  const visible = visibleHops(hops, line.submission.ctx, line.tenant.ancestors);
  return {
    id,
    to: msisdn,
    status: row.wasReviewed ? "review" : "queued",
    parts,
    encoding,
    operatorId,
    prices: visible.map((hop) => ({ ...hop, parts, totalMicros: hop.unitPriceMicros * BigInt(parts) })),
  };
}
